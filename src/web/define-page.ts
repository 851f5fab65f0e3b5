import type { Readable } from 'node:stream';
import type Koa from 'koa';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Actor, Channel } from '../kernel/actor.ts';
import type { SchoolDay, SchoolTime } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import type { Reader } from './define-table.ts';

/** One entry of a person's menu, made from their roles. */
export type MenuEntry = { title: string; path: string };

/** Who a session cookie stands for. */
export type SignedIn = {
  actor: Actor;
  /** The session's CSRF token: header `x-csrf-token` on JSON writes, field `_csrf` in forms. */
  csrf: string;
  /** Whether WeChat is bound; pages remind those who are not. */
  bound: boolean;
  menu: readonly MenuEntry[];
  sessionId: string;
  /** Whether the session was put off just now and its cookie, which has an end, is given anew. */
  renewsCookie?: boolean;
};

/** Looks a session cookie's token up; null where it is unknown, expired or its person inactive. */
export type LoadSession = (token: string) => Promise<SignedIn | null>;

/** One uploaded file, held in memory. */
export type Upload = { field: string; name: string; mime: string; size: number; bytes: Buffer };

/** How a message after a redirect looks: a success, a problem, or plain news. */
export type FlashTone = 'good' | 'bad' | 'plain';

/** A step of the breadcrumbs; the last has no path. */
export type Crumb = { title: string; path?: string };

/** What the shell around a page shows. */
export type Shell = {
  /** The browser's title and the top bar's; the template writes its own h1. */
  title: string;
  status?: number;
  crumbs?: readonly Crumb[];
  /** Where the phone's back arrow leads; the crumb before the last by default. */
  back?: string;
  /** `bare` leaves menu and bars out: sign-in, links opened from WeChat, the sandbox. */
  layout?: 'app' | 'bare';
  /** Files of templates/assets to load after the shell's own. */
  scripts?: readonly string[];
  styles?: readonly string[];
  /** Wide pages use the whole width of a desk. */
  wide?: boolean;
};

/** What was wrong with a form, and what had been typed, for showing the form again. */
export type FormProblems = {
  status: number;
  message: string;
  fields: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
};

/** What a page's handler works with. */
export type PageContext = {
  /** The raw context, for cookies, headers and streams; most handlers need none of it. */
  ctx: Koa.Context;
  params: Readonly<Record<string, string>>;
  /** @throws Refusal `not_found` where the path's `id` (or the named part) is no positive whole number */
  id(name?: string): number;
  /** Null on public pages without a session. */
  signedIn: SignedIn | null;
  /** @throws Refusal `not_signed_in` on public pages without a session */
  actor: Actor;
  reader: Reader;
  now: Date;
  today: SchoolDay;
  time: SchoolTime;
  log: Logger;
  wantsJson: boolean;
  /** Whether WeChat's own browser is asking. */
  inWechat: boolean;
  /** The body as parsed: JSON, or a form's fields ({} where there is none). */
  body: Readonly<Record<string, unknown>>;
  files: readonly Upload[];
  /** The body through a schema; a mismatch becomes 422 with `fields`, or the form again. */
  input<S extends z.ZodType>(schema: S): z.output<S>;
  /** The query through a schema; a mismatch becomes 400 naming the parameter. */
  query<S extends z.ZodType>(schema: S): z.output<S>;
  /** A transaction as the person signed in, channel 'web'; what goes through many rows may take longer. */
  inTransaction<T>(work: (scope: Scope) => Promise<T>, limits?: { timeoutMs?: number }): Promise<T>;
  /** A transaction as somebody else: who a signed link is addressed to, or the system. */
  inTransactionAs<T>(actor: Actor, channel: Channel, work: (scope: Scope) => Promise<T>): Promise<T>;
  /** Answers HTML: `templates/<template>.html` with `it` = the model (plus csrf, csrfField, signedIn, today, asset()). */
  render(template: string, model: Record<string, unknown>, shell: Shell): void;
  json(body: unknown, status?: number): void;
  /** 303 to a path of ours; with a message shown on the next page. */
  redirect(path: string, flash?: string, tone?: FlashTone): void;
  flash(message: string, tone?: FlashTone): void;
  /** Answers a file; `name` may be Chinese. */
  download(name: string, mime: string, body: Buffer | Readable): void;
  /** Shows bytes in the browser (images, SVG, a QR code) with the given type. */
  inline(mime: string, body: Buffer | string): void;
  /** Sets the session cookie: seven days where remembered, else until the browser closes. */
  startSession(token: string, options: { remember: boolean }): void;
  endSession(): void;
};

/**
 * A page or call of its own, where a table will not do. `permission` is a named action; 'signedIn' lets everybody with
 * a session pass, 'public' everybody. Writes of signed-in people carry the CSRF token unless `csrf` is false.
 */
export type Page = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/customers/:id/follow-ups`; pages are matched before tables, in order. */
  path: string;
  permission: string | 'public' | 'signedIn';
  csrf?: false;
  /** Files it takes (multipart); none by default. Oversize is 413. */
  upload?: { maxBytes: number; maxFiles: number };
  /** The cap of a JSON or form body in bytes; 1 MiB by default. */
  maxBodyBytes?: number;
  handler(context: PageContext): Promise<void> | void;
  /** Shows the form again where the handler refused a browser's form; without it `error.html` is shown. */
  invalid?(context: PageContext, problems: FormProblems): Promise<void> | void;
};

/** Declares a page. */
export function definePage(page: Page): Page {
  return page;
}
