import QRCode from 'qrcode';
import { z } from 'zod';
import { demand } from '../access/access.ts';
import { personOf } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { definePage, type Page, type PageContext } from '../web/define-page.ts';
import { keepCode, makeBindTicket, readBindTicket, TICKET_MS, unbind } from './binding.ts';
import { hasUnfollowed } from './follow.ts';
import { refuse } from './phrases.ts';

/** Asks the platform for a code: `ticket` as it calls the code, `url` what the code holds. */
export type CreateCode = (scene: string, expireSeconds: number) => Promise<{ ticket: string; url: string }>;

const Release = z.object({ personId: z.coerce.number().int().positive().optional() });

/** 绑定微信: the code, how far it is, and undoing it. */
export function bindPages({ createCode }: { createCode: CreateCode }): readonly Page[] {
  /** The row first, then the platform's code with no transaction open, then the code kept. */
  async function newTicket(c: PageContext) {
    const { id, scene, expiresAt } = await c.inTransaction(makeBindTicket);
    const code = await createCode(scene, TICKET_MS / 1000).catch((error) => {
      c.log.warn({ err: error }, 'the platform gave no code to bind with');
      throw refuse.code_unavailable();
    });
    await c.inTransaction((scope) => keepCode(scope, id, { ticket: code.ticket, qrUrl: code.url }));
    return {
      id,
      ticket: code.ticket,
      expiresAt: c.time.iso(expiresAt),
      expiresIn: TICKET_MS / 1000,
      qrUrl: `/bind/ticket/${id}/qr.svg`,
    };
  }

  async function ticketOf(c: PageContext) {
    const ticket = await c.inTransaction((scope) => readBindTicket(scope, c.params.id ?? ''));
    if (!ticket) throw refuseAnybody.not_found({ what: '个二维码' });
    return ticket;
  }

  return [
    definePage({
      method: 'GET',
      path: '/bind',
      permission: 'signedIn',
      handler: async (c) => {
        const bound = c.signedIn?.bound ?? false;
        const gone = bound && (await c.inTransaction(hasUnfollowed));
        c.render(
          'people/bind',
          { bound, gone },
          { title: '绑定微信', crumbs: [{ title: '绑定微信' }], scripts: ['bind.js'], styles: ['people.css'] },
        );
      },
    }),
    definePage({
      method: 'POST',
      path: '/bind/ticket',
      permission: 'signedIn',
      handler: async (c) => c.json(await newTicket(c)),
    }),
    definePage({
      method: 'GET',
      path: '/bind/ticket/:id/qr.svg',
      permission: 'signedIn',
      handler: async (c) => {
        const { qrUrl } = await ticketOf(c);
        if (!qrUrl) throw refuseAnybody.not_found({ what: '个二维码' });
        c.inline('image/svg+xml', await QRCode.toString(qrUrl, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }));
      },
    }),
    definePage({
      method: 'GET',
      path: '/bind/ticket/:id',
      permission: 'signedIn',
      handler: async (c) => {
        const { state, reason } = await ticketOf(c);
        c.json({ state, ...(reason && { reason }) });
      },
    }),
    definePage({
      method: 'POST',
      path: '/bind/release',
      permission: 'signedIn',
      handler: async (c) => {
        const { personId = personOf(c.actor) } = c.input(Release);
        if (personId !== c.actor.id) demand(c.actor, 'people.unbind', '给别人解绑');
        await c.inTransaction((scope) => unbind(scope, personId));
        if (c.wantsJson) return c.json({ released: true });
        c.redirect('/bind', '已解绑，需要时再扫一次');
      },
    }),
  ];
}
