import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../kernel/actor.ts';
import { wallNow as machineNow } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { refuse as refuseAny } from '../kernel/refusal.ts';
import type { Tx } from '../kernel/scope.ts';
import { definePage, type Page, type PageContext } from '../web/define-page.ts';
import { answerLooking } from '../web/only-looking.ts';
import { type WechatApi, WechatError } from '../wechat/index.ts';
import type { Links } from './links.ts';
import {
  beginOauth,
  earlierAnswer,
  keepAnswer,
  type OauthAnswer,
  REPEAT_MS,
  STATE_MS,
  targetOf,
  useOauthState,
} from './oauth-states.ts';
import { refuse } from './phrases.ts';
import type { Link } from './token.ts';

/** A session opened from a link ends after this, also where WeChat's browser never does. */
const SESSION_MS = 2 * 3_600_000;
/** Who asks a second time waits so long for the first one's answer, and looks so often. */
const WAIT_MS = 12_000;
const LOOK_MS = 150;

export type LinkPagesParts = {
  links: Links;
  api: Pick<WechatApi, 'authorizeUrl' | 'identify'>;
  beginSession: (
    scope: { tx: Tx },
    session: { personId: number; remember: boolean; forMs: number; token: string; replaces?: string | undefined },
  ) => Promise<{ token: string }>;
  wallNow?: () => number;
};

/** Signed links: opened in WeChat's browser by its authorization, elsewhere by the session. */
export function linkPages({ links, api, beginSession, wallNow = machineNow }: LinkPagesParts): readonly Page[] {
  return [
    definePage({ method: 'GET', path: '/l/:token', permission: 'public', handler: openLink }),
    definePage({ method: 'GET', path: '/wechat/oauth', permission: 'public', handler: comeBack }),
  ];

  async function openLink(c: PageContext): Promise<void> {
    const token = c.params.token ?? '';
    const link = links.read(token);
    if (!link) return turnAway(c, refuse.link_broken());
    if (link.expiresAt <= c.now) return turnAway(c, refuse.link_expired());
    if (c.signedIn) {
      if (c.signedIn.actor.id !== link.to) return turnAway(c, refuse.link_not_yours());
      return c.redirect(await c.inTransaction(({ tx }) => links.pathOf(tx, link.about)));
    }
    if (c.wantsJson) throw refuseAny.not_signed_in();
    if (!c.inWechat) return c.redirect(`/login?next=${encodeURIComponent(`/l/${token}`)}`);

    await setOut({ links, api, wallNow }, c, token);
  }

  async function comeBack(c: PageContext): Promise<void> {
    if (answerLooking(c)) return;
    const { code, state } = queryOf(c);
    const target = await c.inTransactionAs(systemActor, 'link', (scope) => targetOf(scope, state));
    const isPage = target?.startsWith('/') ?? false;
    const link = target && !isPage ? links.read(target) : null;
    if (!target || (!isPage && !link)) return turnAway(c, refuse.oauth_stale());
    // 返回 in WeChat's browser comes by here again: who is signed in already just goes on.
    if (c.signedIn && (!link || c.signedIn.actor.id === link.to)) return c.redirect(addressOf(target));
    if (c.ctx.cookies.get(cookieName(state)) !== state) return turnAway(c, refuse.oauth_stale(), target);

    const isFirst = await c.inTransactionAs(systemActor, 'link', (scope) => useOauthState(scope, state, wallNow()));
    const answer = isFirst ? await firstAnswer(c, { code, state, target, link }) : await sameAnswer(c, state);
    if (!answer) return turnAway(c, refuse.oauth_stale(), target);
    setCookie(c, links, state, REPEAT_MS);
    if ('refused' in answer) {
      const mayTryAgain = answer.refused.startsWith('oauth_');
      return turnAway(c, refuse[answer.refused](), mayTryAgain ? target : undefined);
    }
    c.startSession(links.sessionToken(state), { remember: false });
    c.redirect(answer.path);
  }

  /** Finds out who came back, signs them in, and keeps what is answered for a browser that asks twice. */
  async function firstAnswer(c: PageContext, back: CameBack): Promise<OauthAnswer> {
    const openid = await openidBehind(c, back);
    return c.inTransactionAs(systemActor, 'link', async (scope) => {
      const answer = typeof openid === 'string' ? await whoIs(scope.tx, openid, back) : openid;
      if ('personId' in answer) {
        const { personId } = answer;
        const token = links.sessionToken(back.state);
        await beginSession(scope, {
          personId,
          remember: false,
          forMs: SESSION_MS,
          token,
          replaces: c.signedIn?.sessionId,
        });
      }
      await keepAnswer(scope, back.state, answer);
      return answer;
    });
  }

  async function whoIs(tx: Tx, openid: string, { target, link }: CameBack): Promise<OauthAnswer> {
    const person = await tx.person.findFirst({ where: { openid, active: true }, select: { id: true } });
    if (!person) return { refused: 'stranger' };
    if (link && person.id !== link.to) return { refused: 'link_not_yours' };
    return { personId: person.id, path: link ? await links.pathOf(tx, link.about) : target };
  }

  /** The openid behind a code, or why there is none. */
  async function openidBehind(c: PageContext, { code, link }: CameBack): Promise<string | OauthAnswer> {
    if (code === '') return { refused: 'oauth_denied' };
    if (link && link.expiresAt <= c.now) return { refused: 'link_expired' };
    try {
      return (await api.identify(code)).openid;
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      c.log.info({ code: error.code, next: error.next.do }, 'an authorization did not succeed');
      return { refused: error.next.do === 'refuseSnapshotUser' ? 'oauth_snapshot' : 'oauth_failed' };
    }
  }

  /** The first one's answer, waited for while it is on its way; null where it is too long ago. */
  async function sameAnswer(c: PageContext, state: string): Promise<OauthAnswer | null> {
    const deadline = wallNow() + WAIT_MS;
    for (;;) {
      const answer = await c.inTransactionAs(systemActor, 'link', (scope) => earlierAnswer(scope, state, wallNow()));
      if (answer !== 'pending') return answer;
      if (wallNow() > deadline) return null;
      await sleep(LOOK_MS);
    }
  }

  /** A page of its own, without the shell: whoever reads it may be no member of the school. */
  function turnAway(c: PageContext, refusal: Refusal, again?: string): void {
    if (c.wantsJson) throw refusal;
    const shell = { title: '打不开这个链接', status: refusal.status, layout: 'bare' as const };
    c.render(
      'links/turned-away',
      { message: refusal.message, code: refusal.code, again: again && addressOf(again) },
      shell,
    );
  }
}

/**
 * Lets somebody into one of our pages by their WeChat, whoever they are: a code on a screen that everybody scans. After
 * the authorization a person bound to that WeChat has a session and comes back to the path.
 */
export function createWechatEntry({ links, api, wallNow = machineNow }: Omit<LinkPagesParts, 'beginSession'>) {
  return (c: PageContext, path: string): Promise<void> => setOut({ links, api, wallNow }, c, path);
}

/** What came back from WeChat's page: its code ('' where somebody declined), and what the state was begun for. */
type CameBack = { code: string; state: string; target: string; link: Link | null };

/** Sends the browser to WeChat's authorization page; `target` is a link's token or a path of ours. */
async function setOut(
  { links, api, wallNow }: { links: Links; api: Pick<WechatApi, 'authorizeUrl'>; wallNow: () => number },
  c: PageContext,
  target: string,
): Promise<void> {
  if (answerLooking(c)) return;
  const state = await c.inTransactionAs(systemActor, 'link', (scope) => beginOauth(scope, target, wallNow()));
  // Only the browser that set out may come back: nobody can be signed in by an address somebody else sent.
  setCookie(c, links, state, STATE_MS);
  c.redirect(api.authorizeUrl({ redirectUri: links.returnUrl(), state }));
}

/** Where a target lies: a path as it is, a token behind /l/. */
function addressOf(target: string): string {
  return target.startsWith('/') ? target : `/l/${target}`;
}

function setCookie(c: PageContext, links: Links, state: string, maxAge: number): void {
  const isSecure = links.returnUrl().startsWith('https:');
  c.ctx.cookies.secure = isSecure;
  c.ctx.cookies.set(cookieName(state), state, {
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/wechat/oauth',
    maxAge,
    overwrite: true,
    signed: false,
  });
}

/** One for each authorization under way: two links may be opened side by side. */
function cookieName(state: string): string {
  return `xiaoxin_oauth_${/^[0-9a-f]{32}$/.test(state) ? state.slice(0, 8) : 'none'}`;
}

/** WeChat leaves `code` out where somebody declined. Anything given twice is as good as not given. */
function queryOf(c: PageContext): { code: string; state: string } {
  const one = (value: unknown) => (typeof value === 'string' ? value.slice(0, 512) : '');
  return { code: one(c.ctx.query.code), state: one(c.ctx.query.state) };
}
