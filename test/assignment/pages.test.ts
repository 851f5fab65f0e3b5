import { beforeEach, expect, it } from 'vitest';
import { createDrawRota } from '../../src/assignment/cycle.ts';
import { assignmentPages } from '../../src/assignment/pages.ts';
import type { PageContext } from '../../src/web/define-page.ts';
import { createRender } from '../../src/web/render.ts';
import { useDatabase } from '../setup/database.ts';
import { buildEntry, buildPerson, buildRanked, emptySchool, openNode } from './assignment-school.ts';

const database = useDatabase();
beforeEach(() => emptySchool(database()));

const assets = { href: (name: string) => `/assets/${name}` } as never;

/** Opens a page as somebody; answers its JSON and its HTML. */
async function openPage(node: ReturnType<typeof openNode>, actor: PageContext['actor'], path: string, id = 0) {
  const pages = assignmentPages({ drawRota: createDrawRota({ rota: node.rota, prisma: database().prisma }) });
  const page = pages.find((candidate) => candidate.path === path)!;
  const render = createRender({ folder: 'templates', assets, cache: true });
  const around = { path, today: '2026-11-21', signedIn: null, inWechat: false, flash: null };
  let json: unknown;
  let html = '';
  const context = (wantsJson: boolean) =>
    ({
      wantsJson,
      actor,
      today: '2026-11-21',
      time: node.time,
      id: () => id,
      inTransaction: (work: Parameters<typeof node.inTransaction>[2]) => node.inTransaction(actor, 'web', work),
      json: (body: unknown) => {
        json = JSON.parse(JSON.stringify(body));
      },
      render: (template: string, model: Record<string, unknown>, shell: never) => {
        html = render(template, model, shell, around);
      },
    }) as unknown as PageContext;
  await page.handler(context(true));
  await page.handler(context(false));
  return { json, html: html.replace(/\s+/g, ' ') };
}

it('the picture: the next one stands out, and names are shown as they are written', async () => {
  await buildRanked(database(), [
    { name: '<b>李娜</b>', slots: 1 },
    { name: '王强', slots: 1, dailyCap: 1 },
  ]);
  const { actor } = await buildPerson(database(), '管理员', 'admin');
  const node = openNode(database());
  await node.enter(actor);
  await node.enter(actor);
  await node.enter(actor);
  const { json, html } = await openPage(node, actor, '/sales-ranks/cycle');
  expect(json).toMatchObject({ present: { cycle: 2, turns: [{ state: 'used' }, { passedOver: '当天接满 1 位' }] } });
  expect(html).toContain('第 2 轮 · 还剩 1 位');
  expect(html).toContain('&lt;b&gt;李娜&lt;/b&gt;');
  expect(html).toContain('当天接满 1 位，先跳过');
  expect(html).toContain('下一位客户分给&lt;b&gt;李娜&lt;/b&gt;');
});

it('nobody stands in the ranks: the picture says what then happens and where to change it', async () => {
  const { actor } = await buildPerson(database(), '管理员', 'admin');
  const { html } = await openPage(openNode(database()), actor, '/sales-ranks/cycle');
  expect(html).toContain('现在没有人能接，录入的客户先放进公海');
  expect(html).toContain('href="/sales-ranks"');
});

it('why: the holder and an administrator may ask, another consultant finds nothing', async () => {
  const [li, wang] = await buildRanked(database(), [
    { name: '李娜', slots: 1 },
    { name: '王强', slots: 1 },
  ]);
  const { actor } = await buildPerson(database(), '管理员', 'admin');
  const node = openNode(database());
  const { assignmentId, customerId } = await node.enter(actor, buildEntry({ name: '王小雨' }));
  const { json, html } = await openPage(node, li!.actor, '/assignments/:id/why', assignmentId ?? 0);
  expect(json).toMatchObject({
    why: {
      origin: 'assigned',
      turn: { cycle: 1, place: 1, takenAt: '2026-11-21T14:30:00+08:00', order: [{ name: '李娜' }, { name: '王强' }] },
    },
    lines: [expect.stringContaining('王小雨按轮转分给你'), expect.anything(), '前面没有人被跳过'],
  });
  expect(html).toContain('王小雨为什么分到这里');
  expect((await openPage(node, actor, '/customers/:id/why', customerId)).html).toContain('分给李娜');
  for (const [path, id] of [
    ['/assignments/:id/why', assignmentId ?? 0],
    ['/customers/:id/why', customerId],
  ] as const)
    await expect(openPage(node, wang!.actor, path, id)).rejects.toMatchObject({ code: 'not_found' });
});
