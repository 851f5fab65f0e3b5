import { z } from 'zod';
import { shorten, WriteFollowUp, writeFollowUp } from '../../customers/index.ts';
import { sayDaysAgo } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { definePage, type Page, type PageContext } from '../../web/define-page.ts';
import { saySweep } from './coming-sweep.ts';
import type { AboutToDrop } from './find-about-to-drop.ts';
import { type MyDrops, readMyDrops } from './read-my-drops.ts';

const PATH = '/my-customers/about-to-drop';
const TITLE = '快掉的客户';
const LONGEST_NOTE = 80;

const FollowUp = WriteFollowUp.omit({ customerId: true });
type Problem = { id: number; message: string; note: string };

/** What the digest's link opens: who drops at the coming sweep, each with a form that saves it. */
export const rescuePages: readonly Page[] = [
  definePage({ method: 'GET', path: PATH, permission: 'customers.list', handler: (c) => show(c) }),
  definePage({
    method: 'POST',
    path: `${PATH}/:id`,
    permission: 'customers.followUp',
    handler: async (c) => {
      const { note, nextContactOn } = c.input(FollowUp);
      const { name, drop } = await c.inTransaction((scope) =>
        writeFollowUp(scope, { customerId: c.id(), note, nextContactOn }),
      );
      if (c.wantsJson) return c.json({ name, dropsOn: drop?.day ?? null });
      c.redirect(PATH, `已记下：${name}`);
    },
    invalid: (c, { status, message, values }) =>
      show(c, { id: Number(c.params.id), message, note: z.string().catch('').parse(values.note) }, status),
  }),
];

async function show(c: PageContext, problem?: Problem, status?: number): Promise<void> {
  const { mine, scope } = await c.inTransaction(async (opened) => ({ mine: await readMyDrops(opened), scope: opened }));
  if (c.wantsJson) return c.json(asJson(mine, scope));
  c.render('customers/rescue/about-to-drop', asModel(mine, scope, problem), {
    title: TITLE,
    crumbs: [{ title: '我的客户', path: '/my-customers' }, { title: TITLE }],
    styles: ['about-to-drop.css'],
    ...(status && { status }),
  });
}

function asJson({ sweep, drops, numbered, team }: MyDrops, { time }: Pick<Scope, 'time'>) {
  return {
    sweepAt: time.iso(sweep.at),
    rows: numbered.map(({ number, customer }) => ({ number, ...row(customer) })),
    lost: drops.lost.map(row),
    savable: drops.savableCount,
    unsavable: drops.lostCount,
    team: team.map(({ consultantId, name, count, lost }) => ({ consultant: { id: consultantId, name }, count, lost })),
  };
}

function row({ id, name, course, lastContactedOn, receivedOn }: AboutToDrop) {
  return { id, name, course, lastContactedOn, receivedOn };
}

function asModel({ sweep, drops, numbered, team }: MyDrops, scope: Scope, problem?: Problem) {
  const { today } = scope;
  const line = ({ course, lastContactedOn, receivedOn }: AboutToDrop) =>
    [course, `${sayDaysAgo(lastContactedOn, today)}跟进`, `${receivedOn.slice(5)} 接单`].filter(Boolean).join(' · ');
  const facts = (customer: AboutToDrop) => ({
    id: customer.id,
    name: customer.name,
    line: line(customer),
    note: customer.lastNote && shorten(customer.lastNote, LONGEST_NOTE),
  });
  const until = saySweep(sweep, scope);
  const count = drops.savableCount + drops.lostCount;
  const theirs = team.reduce((sum, own) => sum + (own.consultantId === scope.actor.id ? 0 : own.count), 0);
  return {
    until,
    count,
    summary: [
      count > 0 ? `${count} 位客户快掉了，${until}回公海` : `${until}你没有会掉的客户`,
      theirs > 0 && `同事手上有 ${theirs} 位`,
    ]
      .filter(Boolean)
      .join('；'),
    savable: numbered.map(({ number, customer }) => ({
      number,
      ...facts(customer),
      problem: problem?.id === customer.id ? problem.message : null,
      typed: problem?.id === customer.id ? problem.note : '',
    })),
    moreSavable: drops.savableCount - drops.savable.length,
    lost: drops.lost.map(facts),
    moreLost: drops.lostCount - drops.lost.length,
    team: team.map(({ consultantId, name, count, lost }) => ({ id: consultantId, name, count, lost })),
    lostProblem: problem && !drops.savable.some(({ id }) => id === problem.id) ? problem.message : null,
  };
}
