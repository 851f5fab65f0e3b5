import { createTransport } from 'nodemailer';
import type { Catalogue } from '../../notices/catalogue.ts';
import { UNAVAILABLE } from '../phrases.ts';
import type { Channel, Outcome, Sending } from './channel.ts';
import type { LinkFor } from './wechat.ts';

const TIMEOUT_MS = 10_000;

/** Mails over SMTP. `close` ends the kept connections. */
export function createEmailChannel(parts: {
  smtpUrl: string;
  from: string;
  linkFor: LinkFor;
  catalogue: Catalogue;
}): Channel & { close(): void } {
  const { smtpUrl, from, linkFor, catalogue } = parts;
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: 2 * TIMEOUT_MS,
  });
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'xiaoxin.local';

  return { name: 'email', send, close: () => transport.close() };

  async function send(sending: Sending): Promise<Outcome> {
    const { person, key } = sending;
    if (!person.email) return { is: 'unavailable', error: UNAVAILABLE.noEmail };
    const { first, more, link } = catalogue.word(sending.kind, sending.data);
    const url = linkFor(sending);
    try {
      await transport.sendMail({
        from,
        to: { name: person.name, address: person.email },
        subject: first.length <= 40 ? first : (catalogue.titles[sending.kind] ?? sending.kind),
        text: [`${person.name}，`, '', first, ...more, ...(url ? ['', `${link}：${url}`] : []), '', '校信'].join('\n'),
        textEncoding: 'base64',
        // The same for every repetition: mail programs show one.
        messageId: `<${key}@${host}>`,
      });
      return { is: 'sent' };
    } catch (error) {
      return outcomeOf(error);
    }
  }
}

/** 5yz about the address or the content is final; everything else (busy, no connection, refused sign-in) may pass. */
function outcomeOf(error: unknown): Outcome {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string };
  const said = `${responseCode ?? code ?? ''} ${message ?? String(error)}`.trim().slice(0, 300);
  const isFinal = responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return isFinal ? { is: 'refused', error: said } : { is: 'again', error: said };
}
