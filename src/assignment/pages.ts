import { type Crumb, definePage, type Page, type PageContext } from '../web/define-page.ts';
import type { Picture } from './cycle.ts';
import { sayWhy } from './say-why.ts';
import { explainCustomer, readWhy, visibleReasons, type Why } from './why.ts';

/** The assignment's own pages: the rota's picture, and why a customer came to whom. */
export function assignmentPages({ drawRota }: { drawRota: (today: string) => Promise<Picture> }): Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/sales-ranks/cycle',
      permission: 'sales-ranks.list',
      handler: async (c) => {
        const picture = await drawRota(c.today);
        if (c.wantsJson) return c.json(picture);
        c.render('assignment/cycle', { ...picture, ...sayPicture(picture) }, shell);
      },
    }),
    definePage({
      method: 'GET',
      path: '/assignments/:id/why',
      permission: 'signedIn',
      handler: async (c) => {
        const why = await c.inTransaction(({ tx, actor }) => readWhy(tx, c.id(), visibleReasons(actor)));
        showWhy(c, why, { title: '客户分配记录', path: '/assignments' });
      },
    }),
    definePage({
      method: 'GET',
      path: '/customers/:id/why',
      permission: 'customers.list',
      handler: async (c) => {
        const why = await c.inTransaction((scope) => explainCustomer(scope, c.id()));
        showWhy(c, why, { title: '客户', path: '/customers' });
      },
    }),
  ];
}

function showWhy(c: PageContext, why: Why, from: Crumb): void {
  const lines = sayWhy(why, { time: c.time, readerId: c.actor.id });
  if (c.wantsJson) {
    const turn = why.turn && { ...why.turn, takenAt: c.time.iso(why.turn.takenAt) };
    c.json({ why: { ...why, turn }, lines });
    return;
  }
  const { id, name } = why.customer;
  const crumbs = [from, { title: name, path: `/customers/${id}` }, { title: '为什么' }];
  c.render('assignment/why', { name, lines, href: `/customers/${id}` }, { title: '为什么', crumbs });
}

const shell = {
  title: '这一轮和下一轮',
  crumbs: [{ title: '销售权重', path: '/sales-ranks' }, { title: '这一轮和下一轮' }],
  styles: ['assignment.css'],
};

function sayPicture({ present, next, returned }: Picture) {
  const turns = [...returned, ...present.turns, ...next.turns];
  const first = turns.find(({ state }) => state === 'next');
  const presentTitle =
    present.cycle === 0 ? '这一轮' : `第 ${present.cycle} 轮 · 还剩 ${present.left + returned.length} 位`;
  if (first) return { presentTitle, summary: `下一位客户分给${first.consultant.name}` };
  return { presentTitle, summary: '现在没有人能接，录入的客户先放进公海' };
}
