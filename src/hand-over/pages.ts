import { may } from '../access/access.ts';
import { holderOptions } from '../customers/index.ts';
import type { InTransaction, Scope } from '../kernel/scope.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../web/define-page.ts';
import { type HandOverCustomers, type Leaver, readLeaver, type Turns } from './hand-over-customers.ts';
import { sayHandedOver } from './phrases.ts';
import { HandOverInput, WAYS } from './schema.ts';

/** Two thousand customers with their history take a while on a small machine. */
const TIMEOUT_MS = 60_000;

type Parts = {
  handOver: HandOverCustomers;
  turns: Turns;
  inTransaction: InTransaction;
  setActive(scope: Scope, personId: number, active: boolean): Promise<void>;
};

/** 交接客户: what a leaver holds, and to whom it goes. */
export function handOverPages({ handOver, turns, inTransaction, setActive }: Parts): readonly Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/staff/:id/hand-over',
      permission: 'customers.transfer',
      handler: (c) => show(c, turns),
    }),
    definePage({
      method: 'POST',
      path: '/staff/:id/hand-over',
      permission: 'customers.transfer',
      handler: async (c) => {
        const { to, consultantId, deactivate } = c.input(HandOverInput);
        const isLeaving = deactivate && may(c.actor, 'people.deactivate');
        const done = await inTransaction(
          c.actor,
          'web',
          async (scope) => {
            const outcome = await handOver(scope, {
              fromId: c.id(),
              to: to === 'rota' ? to : { consultantId: consultantId ?? -1 },
            });
            if (isLeaving && outcome.left === 0) await setActive(scope, c.id(), false);
            return outcome;
          },
          { timeoutMs: TIMEOUT_MS },
        );
        const left = isLeaving && done.left > 0 ? '，账号还没停用' : '';
        const message = `${sayHandedOver(done)}${left}${isLeaving && done.left === 0 ? '；账号停用了' : ''}`;
        if (c.wantsJson) return c.json({ ...done, message });
        const back = done.left > 0 || !may(c.actor, 'staff.show') ? `/staff/${c.id()}/hand-over` : `/staff/${c.id()}`;
        c.redirect(back, message, done.left > 0 ? 'plain' : 'good');
      },
      invalid: (c, problems) => show(c, turns, problems),
    }),
  ];
}

async function show(c: PageContext, turns: Turns, problems?: FormProblems): Promise<void> {
  const { leaver, round, options } = await c.inTransaction(async (scope) => {
    const leaver = await readLeaver(scope, c.id());
    const order = await turns.proportion(scope, { exceptId: leaver.id });
    return {
      leaver,
      round: await nameRound(scope, order),
      options: (await holderOptions(scope.tx, c.reader)).filter(({ id }) => id !== leaver.id),
    };
  });
  if (c.wantsJson) return c.json({ person: leaver, round });
  const mayDeactivate = leaver.active && may(c.actor, 'people.deactivate');
  c.render('customers/hand-over/hand-over', asModel(leaver, round, options, mayDeactivate, problems), {
    title: '交接客户',
    crumbs: [
      { title: '员工', path: '/staff' },
      { title: leaver.name, ...(may(c.actor, 'staff.show') && { path: `/staff/${leaver.id}` }) },
      { title: '交接客户' },
    ],
    ...(problems && { status: problems.status }),
  });
}

type Round = { consultant: { id: number; name: string }; slots: number };

async function nameRound({ tx }: Scope, order: readonly number[]): Promise<Round[]> {
  const ids = [...new Set(order)];
  const people = await tx.person.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return ids.flatMap((id) => {
    const consultant = people.find((person) => person.id === id);
    return consultant ? [{ consultant, slots: order.filter((turn) => turn === id).length }] : [];
  });
}

function asModel(
  leaver: Leaver,
  round: readonly Round[],
  options: readonly { id: number; name: string }[],
  mayDeactivate: boolean,
  problems?: FormProblems,
) {
  const values = problems?.values ?? {};
  const size = round.reduce((sum, { slots }) => sum + slots, 0);
  const to = String(values.to ?? (size > 0 ? 'rota' : 'one'));
  return {
    leaver,
    count: leaver.following + leaver.enrolled,
    round: round.map(({ consultant, slots }) => ({
      name: consultant.name,
      slots,
      about: Math.round((leaver.following * slots) / size),
    })),
    ways: (['rota', 'one'] as const).map((way) => ({ value: way, title: WAYS[way], chosen: way === to })),
    options: options.map(({ id, name }) => ({ value: id, title: name })),
    consultantId: values.consultantId ?? '',
    problem: problems?.fields.consultantId,
    message: problems && !problems.fields.consultantId ? problems.message : null,
    mayDeactivate,
  };
}
