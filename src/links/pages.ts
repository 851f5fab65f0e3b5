import { systemActor } from '../kernel/actor.ts';
import { wallNow as machineNow } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { refuse as refuseAny } from '../kernel/refusal.ts';
import type { Tx } from '../kernel/scope.ts';
import { definePage, type Page, type PageContext } from '../web/define-page.ts';
import { type WechatApi, WechatError } from '../wechat/index.ts';
import { beginOauth, type Links, STATE_MS, useOauthState } from './links.ts';
import { pathOf } from './paths.ts';
import { refuse } from './phrases.ts';

/** A session opened from a link ends after this, also where WeChat's browser never does. */
const SESSION_MS = 2 * 3_600_000;

export type LinkPagesParts = {
  links: Links;
  api: Pick<WechatApi, 'authorizeUrl' | 'identify'>;
  beginSession: (
    scope: { tx: Tx },
    session: { personId: number; remember: boolean; forMs: number; replaces?: string | undefined },
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
      return c.redirect(await c.inTransaction(({ tx }) => pathOf(tx, link.about)));
    }
    if (c.wantsJson) throw refuseAny.not_signed_in();
    if (!c.inWechat) return c.redirect(`/login?next=${encodeURIComponent(`/l/${token}`)}`);

    await setOut({ links, api, wallNow }, c, token);
  }

  async function comeBack(c: PageContext): Promise<void> {
    const { code, state } = queryOf(c);
    const isSameBrowser = state !== '' && c.ctx.cookies.get(cookieName(state)) === state;
    const used = await c.inTransactionAs(systemActor, 'link', (scope) => useOauthState(scope, state, wallNow()));
    const isPage = used?.target.startsWith('/') ?? false;
    const link = used && !isPage ? links.read(used.target) : null;
    if (!used || (!isPage && !link)) return turnAway(c, refuse.oauth_stale());
    // 返回 in WeChat's browser comes by here again: who is signed in already just goes on.
    if (c.signedIn && (!link || c.signedIn.actor.id === link.to)) return c.redirect(addressOf(used.target));
    if (!used.isFresh || !isSameBrowser) return turnAway(c, refuse.oauth_stale(), used.target);
    setCookie(c, links, state, '');
    if (code === '') return turnAway(c, refuse.oauth_denied(), used.target);
    if (link && link.expiresAt <= c.now) return turnAway(c, refuse.link_expired());

    const openid = await identify(c, code, used.target);
    if (!openid) return;
    const person = await c.inTransactionAs(systemActor, 'link', ({ tx }) =>
      tx.person.findFirst({ where: { openid, active: true }, select: { id: true } }),
    );
    if (!person) return turnAway(c, refuse.stranger());
    if (link && person.id !== link.to) return turnAway(c, refuse.link_not_yours());
    const session = await c.inTransactionAs(systemActor, 'link', async (scope) => ({
      ...(await beginSession(scope, {
        personId: person.id,
        remember: false,
        forMs: SESSION_MS,
        replaces: c.signedIn?.sessionId,
      })),
      path: link ? await pathOf(scope.tx, link.about) : used.target,
    }));
    c.startSession(session.token, { remember: false });
    c.redirect(session.path);
  }

  /** The openid behind a code; null where the page has said why there is none. */
  async function identify(c: PageContext, code: string, target: string): Promise<string | null> {
    try {
      return (await api.identify(code)).openid;
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      c.log.info({ code: error.code, next: error.next.do }, 'an authorization did not succeed');
      const isSnapshot = error.next.do === 'refuseSnapshotUser';
      turnAway(c, isSnapshot ? refuse.oauth_snapshot() : refuse.oauth_failed(), target);
      return null;
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

/** Sends the browser to WeChat's authorization page; `target` is a link's token or a path of ours. */
async function setOut(
  { links, api, wallNow }: { links: Links; api: Pick<WechatApi, 'authorizeUrl'>; wallNow: () => number },
  c: PageContext,
  target: string,
): Promise<void> {
  const state = await c.inTransactionAs(systemActor, 'link', (scope) => beginOauth(scope, target, wallNow()));
  // Only the browser that set out may come back: nobody can be signed in by an address somebody else sent.
  setCookie(c, links, state, state);
  c.redirect(api.authorizeUrl({ redirectUri: links.returnUrl(), state }));
}

/** Where a target lies: a path as it is, a token behind /l/. */
function addressOf(target: string): string {
  return target.startsWith('/') ? target : `/l/${target}`;
}

function setCookie(c: PageContext, links: Links, state: string, value: string): void {
  const isSecure = links.returnUrl().startsWith('https:');
  c.ctx.cookies.secure = isSecure;
  c.ctx.cookies.set(cookieName(state), value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path: '/wechat/oauth',
    maxAge: value === '' ? 0 : STATE_MS,
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
