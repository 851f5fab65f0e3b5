import type { Clock } from '../../kernel/clock.ts';
import type { Catalogue } from '../../notices/catalogue.ts';
import { UNAVAILABLE } from '../phrases.ts';
import type { Channel, Outcome, Sending } from './channel.ts';
import type { LinkFor } from './wechat.ts';

const TIMEOUT_MS = 10_000;
const MOST_WAIT_S = 24 * 3600;

/**
 * Text messages over an HTTP gateway: POST {to, text, id} to its address. `id` is the same for every repetition. 2xx
 * means taken; 429 waits for Retry-After; other 4xx are final, 5xx and silence are tried again.
 */
export function createSmsChannel({
  smsUrl,
  linkFor,
  catalogue,
  clock,
}: {
  smsUrl: string;
  linkFor: LinkFor;
  catalogue: Catalogue;
  clock: Clock;
}): Channel {
  return { name: 'sms', send };

  async function send(sending: Sending): Promise<Outcome> {
    const { phone } = sending.person;
    if (!phone) return { is: 'unavailable', error: UNAVAILABLE.noPhone };
    const { first } = catalogue.word(sending.kind, sending.data);
    const url = linkFor(sending);
    const body = { to: phone, text: `【校信】${first}${url ? ` ${url}` : ''}`, id: sending.key };
    try {
      const response = await fetch(smsUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const said = (await response.text()).slice(0, 200);
      if (response.ok) return { is: 'sent' };
      return refusedBy(response, said.replaceAll(phone, '…'));
    } catch (error) {
      return { is: 'again', error: error instanceof Error ? error.message : String(error) };
    }
  }

  function refusedBy(response: Response, said: string): Outcome {
    const error = `HTTP ${response.status} ${said}`.trim();
    if (response.status === 429) {
      const seconds = Math.min(MOST_WAIT_S, Number(response.headers.get('retry-after')) || 60);
      return { is: 'later', at: new Date(clock.now().getTime() + seconds * 1000), error };
    }
    return response.status >= 500 ? { is: 'again', error } : { is: 'refused', error };
  }
}
