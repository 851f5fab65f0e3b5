import { createHash, randomUUID } from 'node:crypto';
import QRCode from 'qrcode';
import { z } from 'zod';
import type { Refusal } from '../../kernel/refusal.ts';
import { Refusal as RefusalError } from '../../kernel/refusal.ts';
import { definePage, type Page, type PageContext } from '../../web/define-page.ts';
import { answerLooking } from '../../web/only-looking.ts';
import { checkIn, readCheckIn, type ScannedBy, startCheckIn, stopCheckIn } from '../check-in.ts';
import { checkInUrl } from '../shown-codes.ts';
import { titleOf } from './titles.ts';

/** Lets whoever scanned in by their WeChat and brings them back to the path. */
export type EnterByWechat = (c: PageContext, path: string) => Promise<void>;

const DEVICE_COOKIE = 'xiaoxin_device';
const YEAR_MS = 365 * 24 * 3_600_000;

const OnOff = z.object({
  on: z.preprocess((value) => value === true || value === 'true' || value === 'on', z.boolean()),
});

/**
 * What the scan's browser is known by: a cookie of its own that outlives sign-ins, given at the first scan, and a mark of
 * its address and name for browsers that keep none.
 */
function scannedBy(c: PageContext, isSecure: boolean): ScannedBy {
  const kept = c.ctx.cookies.get(DEVICE_COOKIE, { signed: true });
  const device = kept ?? randomUUID();
  if (!kept) {
    c.ctx.cookies.secure = isSecure;
    c.ctx.cookies.set(DEVICE_COOKIE, device, {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      path: '/check-in',
      maxAge: YEAR_MS,
    });
  }
  const browser = createHash('sha256')
    .update(`${c.ctx.ip}\n${c.ctx.get('User-Agent')}`)
    .digest('base64url')
    .slice(0, 22);
  return { device, browser };
}

/** Scanning oneself in: the rotating code on the lecturer's screen, and what scanning it does. */
export function checkInPages(parts: { baseUrl: () => string; enterByWechat?: EnterByWechat }): readonly Page[] {
  const { baseUrl, enterByWechat } = parts;

  /** What the screen shows now, with the code as a picture. */
  async function screenOf(c: PageContext) {
    const { code, ...state } = await c.inTransaction((scope) => readCheckIn(scope, { lessonId: c.id() }));
    if (code === null) return { ...state, on: false, url: null, svg: null };
    const url = checkInUrl(baseUrl(), code);
    return {
      ...state,
      on: true,
      url,
      svg: await QRCode.toString(url, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' }),
    };
  }

  return [
    definePage({
      method: 'GET',
      path: '/lessons/:id/check-in',
      permission: 'lessons.attendance',
      handler: async (c) => {
        const screen = await screenOf(c);
        if (c.wantsJson) return c.json(screen);
        c.render(
          'teaching/check-in',
          { ...screen, ...titleOf(screen.lesson, c.today) },
          {
            title: '扫码签到',
            crumbs: [
              { title: '上课记录', path: '/lessons' },
              { title: '这节课', path: `/lessons/${c.id()}` },
              { title: '扫码签到' },
            ],
            scripts: ['check-in.js'],
            styles: ['teaching.css'],
          },
        );
      },
    }),
    definePage({
      method: 'POST',
      path: '/lessons/:id/check-in',
      permission: 'lessons.attendance',
      handler: async (c) => {
        const { on } = c.input(OnOff);
        await c.inTransaction((scope) => (on ? startCheckIn : stopCheckIn)(scope, { lessonId: c.id() }));
        if (c.wantsJson) return c.json(await screenOf(c));
        c.redirect(`/lessons/${c.id()}/check-in`, on ? undefined : '签到码收起来了');
      },
    }),
    definePage({ method: 'GET', path: '/check-in/:code', permission: 'public', handler: scan }),
  ];

  async function scan(c: PageContext): Promise<void> {
    if (answerLooking(c)) return;
    const code = (c.params.code ?? '').slice(0, 64);
    const path = `/check-in/${encodeURIComponent(code)}`;
    if (!c.signedIn) {
      if (c.inWechat && enterByWechat && !c.wantsJson) return enterByWechat(c, path);
      return c.redirect(`/login?next=${encodeURIComponent(path)}`);
    }
    try {
      const by = scannedBy(c, baseUrl().startsWith('https:'));
      const checked = await c.inTransaction((scope) => checkIn(scope, { code, ...by }));
      if (c.wantsJson) return c.json({ ...checked, at: c.time.iso(checked.at) });
      const said = { ...checked, at: c.time.format(checked.at).slice(6) };
      c.render(
        'teaching/checked-in',
        { checked: said, problem: null },
        { title: '签到好了', layout: 'bare', styles: ['teaching.css'] },
      );
    } catch (error) {
      if (!(error instanceof RefusalError) || c.wantsJson) throw error;
      showRefused(c, error);
    }
  }

  function showRefused(c: PageContext, { message, status }: Refusal): void {
    c.render(
      'teaching/checked-in',
      { checked: null, problem: message },
      { title: '没签上', status, layout: 'bare', styles: ['teaching.css'] },
    );
  }
}
