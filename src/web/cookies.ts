import type { FlashTone } from './define-page.ts';
import type { WebContext } from './state.ts';

export const SESSION_COOKIE = 'xiaoxin_session';
export const FLASH_COOKIE = 'xiaoxin_flash';
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export type Flash = { message: string; tone: FlashTone };

/** Cookies are signed, HttpOnly and SameSite=Lax; `Secure` where people reach us over HTTPS, even behind a proxy. */
export function createCookies({ https }: { https: boolean }) {
  const set = (ctx: WebContext, name: string, value: string, maxAge?: number) => {
    // A proxy speaks plain HTTP to us; what counts is what the person's browser speaks.
    ctx.cookies.secure = https;
    ctx.cookies.set(name, value, {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      secure: https,
      maxAge,
      overwrite: true,
    });
  };
  return {
    startSession: (ctx: WebContext, token: string, remember: boolean) =>
      set(ctx, SESSION_COOKIE, token, remember ? WEEK_MS : undefined),
    endSession: (ctx: WebContext) => set(ctx, SESSION_COOKIE, '', 0),
    flash: (ctx: WebContext, flash: Flash) =>
      set(ctx, FLASH_COOKIE, Buffer.from(JSON.stringify(flash)).toString('base64url'), 60_000),
    /** The message left by the request before; it is shown once. */
    takeFlash: (ctx: WebContext): Flash | null => {
      const kept = ctx.cookies.get(FLASH_COOKIE, { signed: true });
      if (!kept) return null;
      set(ctx, FLASH_COOKIE, '', 0);
      return JSON.parse(Buffer.from(kept, 'base64url').toString('utf8')) as Flash;
    },
  };
}

export type Cookies = ReturnType<typeof createCookies>;
