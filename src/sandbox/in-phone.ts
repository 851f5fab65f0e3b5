import type { ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';

/** Pages on a phone live below /sandbox/phones/OPENID/web: /l/TOKEN there is …/web/l/TOKEN. */
const WEB = /^\/sandbox\/phones\/([\w-]{1,64})\/web(\/.*)?$/;

/** The path a page has in the in-phone browser of that phone. */
export function inPhonePath(openid: string, path: string): string {
  return `/sandbox/phones/${openid}/web${path.startsWith('/') ? path : `/${path}`}`;
}

/**
 * The in-phone browser. The desk and all phones share one real browser and one host name, so each phone's pages are
 * served below a path of their own and its cookies under names of its own: who is signed in on a phone is nobody's
 * business on the desk or the next phone. What a page asks for by an absolute path (links, forms, scripts) is told by
 * its Referer and led back below the phone's path.
 */
export function inPhoneBrowser(ownHosts: (ctx: Context) => readonly string[]): Middleware {
  return async (ctx, next) => {
    const below = WEB.exec(ctx.path);
    const openid = below?.[1] ?? phoneOfReferer(ctx);
    if (!openid) {
      hideCookies(ctx, null);
      return next();
    }
    const path = below ? (below[2] ?? '/') : ctx.path;
    if (!below && isNavigation(ctx)) {
      ctx.status = 307; // keeps a form a form
      ctx.set('Location', inPhonePath(openid, ctx.url));
      return;
    }
    ctx.url = path + ctx.search;
    ctx.originalUrl = ctx.url;
    ctx.req.headers['user-agent'] = `${ctx.get('user-agent')} MicroMessenger/8.0.50`;
    ctx.state.inWechat = true;
    ctx.state.sandboxPhone = openid;
    hideCookies(ctx, openid);
    rewriteHeaders(ctx.res, openid, ownHosts(ctx));
    return next();
  };
}

function phoneOfReferer(ctx: Context): string | undefined {
  if (ctx.path.startsWith('/sandbox/') && !ctx.path.startsWith('/sandbox/platform/connect/')) return undefined;
  const referer = ctx.get('referer');
  if (referer === '' || !URL.canParse(referer)) return undefined;
  const { host, pathname } = new URL(referer);
  return host === ctx.host ? WEB.exec(pathname)?.[1] : undefined;
}

/** A page being opened, not something a page's script or style asks for. */
function isNavigation(ctx: Context): boolean {
  const mode = ctx.get('sec-fetch-mode');
  if (mode !== '') return mode === 'navigate';
  return ctx.get('accept').includes('text/html') && ctx.get('hx-request') === '';
}

/** Leaves only the cookies of that phone (or of no phone), under the names the service knows. */
function hideCookies(ctx: Context, openid: string | null): void {
  const all = (ctx.req.headers.cookie ?? '').split(/;\s*/).filter((pair) => pair !== '');
  const prefix = openid && cookiePrefix(openid);
  const kept = prefix
    ? all.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length))
    : all.filter((pair) => !pair.startsWith('phone.'));
  ctx.req.headers.cookie = kept.join('; ');
}

/** Whatever the service answers, errors included: cookies get the phone's names, ways on stay on the phone. */
function rewriteHeaders(res: ServerResponse, openid: string, ownHosts: readonly string[]): void {
  const setHeader = res.setHeader.bind(res);
  res.setHeader = (name, value) => {
    switch (name.toLowerCase()) {
      case 'set-cookie':
        return setHeader(
          name,
          [value].flat().map((cookie) => renamed(String(cookie), openid)),
        );
      case 'location':
        return setHeader(name, ledBack(String(value), openid, ownHosts));
      case 'referrer-policy':
        return setHeader(name, 'same-origin');
      default:
        return setHeader(name, value);
    }
  };
}

/** Its path goes: below the phone's path it would never be sent. */
function renamed(cookie: string, openid: string): string {
  const prefix = cookiePrefix(openid);
  return cookie.startsWith(prefix) ? cookie : prefix + cookie.replace(/;\s*path=[^;]*/i, '; path=/');
}

function ledBack(location: string, openid: string, ownHosts: readonly string[]): string {
  if (location.startsWith('/sandbox/phones/')) return location;
  if (location.startsWith('/')) return inPhonePath(openid, location);
  if (!/^https?:/.test(location)) return location;
  const { host, pathname, search, hash } = new URL(location);
  return ownHosts.includes(host) ? inPhonePath(openid, pathname + search + hash) : location;
}

function cookiePrefix(openid: string): string {
  return `phone.${openid}.`;
}
