import { dayFromDb } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import type { TimelineEntry } from '../web/define-table.ts';
import { ASSIGNMENT_STATES } from './choices.ts';
import { readChanges } from './timeline-changes.ts';
import { seesContacts } from './visibility.ts';

/** With the moment, so that what happened on one day stays in order. */
type Moment = TimelineEntry & { at: Date };

const MOST = 50;
/** What the memo keeps where both limits held. */
const BOTH = `${ASSIGNMENT_STATES.lostNoDeal}、${ASSIGNMENT_STATES.lostNoContact}`;

/**
 * What happened to a customer, in words, newest first: follow-ups, how it came and went, notices, changes. Whoever sees
 * the contacts masked reads only how it came and went.
 */
export async function readTimeline(scope: Scope, id: number): Promise<readonly TimelineEntry[]> {
  const { tx, actor } = scope;
  const customer = await tx.customer.findUnique({ where: { id }, select: { consultantId: true } });
  if (!customer) return [];
  const moments = await readAssignments(tx, id);
  if (seesContacts(actor, customer)) {
    const notes = await readNotes(tx, id);
    const notedAt = notes.map(({ at }) => at);
    moments.push(...notes, ...(await readNotices(scope, id)), ...(await readChanges(scope, id, notedAt)));
  }
  return moments
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MOST)
    .map(({ day, text, kind }) => ({ day, text, ...(kind && { kind }) }));
}

async function readNotes(tx: Tx, customerId: number): Promise<Moment[]> {
  const notes = await tx.followUp.findMany({
    where: { customerId },
    include: { consultant: { select: { name: true } } },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  return notes.map(({ date, note, nextContactOn, createdAt, consultant }) => ({
    at: createdAt,
    day: dayFromDb(date),
    kind: 'follow-up',
    text: `${consultant.name}跟进：${note}${nextContactOn ? `（下次联系 ${dayFromDb(nextContactOn).slice(5)}）` : ''}`,
  }));
}

const CAME = {
  entered: (name: string) => `${name}录入`,
  assigned: (name: string) => `分配给${name}`,
  claimed: (name: string) => `${name}抢到`,
  transferred: (name: string) => `转给${name}`,
} as const;

async function readAssignments(tx: Tx, customerId: number): Promise<Moment[]> {
  const rows = await tx.assignment.findMany({
    where: { customerId },
    include: { consultant: { select: { name: true } } },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  return rows.flatMap(
    ({ origin, state, date, endedOn, memo, createdAt, updatedAt, consultant: { name } }): Moment[] => {
      const came = {
        at: createdAt,
        day: dayFromDb(date),
        kind: 'assignment',
        text: `${CAME[origin](name)}${state === 'undone' ? '（已撤销）' : ''}`,
      };
      const day = endedOn ? dayFromDb(endedOn) : came.day;
      const ended = (text: string): Moment[] => [came, { at: updatedAt, day, kind: 'assignment', text }];
      if (state === 'released') return ended(`${name}放回公海${memo ? `：${memo}` : ''}`);
      if (state === 'lostNoContact' || state === 'lostNoDeal')
        return ended(`从${name}回到公海：${memo?.includes(BOTH) ? BOTH : ASSIGNMENT_STATES[state]}`);
      if (state === 'won') return ended(`${name}成单`);
      if (state === 'transferred') return ended(`从${name}转出${memo ? `：${memo}` : ''}`);
      return [came];
    },
  );
}

const NOTICES: Readonly<Record<string, (name: string, by: string) => string>> = {
  assigned: (name) => `通知${name}：分配了新客户`,
  duplicate: (name, by) => `${by ? `${by}又录入一次，` : ''}通知${name}：老客户又来咨询`,
  transferred: (name) => `通知${name}：转来了客户`,
  dropped: (name) => `通知${name}：客户回到公海`,
};

/** What became of a notice, where it did not arrive. */
const NOT_ARRIVED: Readonly<Record<string, string>> = { dead: '（没发出去）', unreachable: '（联系不上）' };

async function readNotices({ tx, time }: Scope, entityId: number): Promise<Moment[]> {
  const notices = await tx.notification.findMany({
    where: { entity: { in: ['customer', 'pool'] }, entityId, kind: { in: Object.keys(NOTICES) } },
    select: { kind: true, data: true, state: true, createdAt: true, person: { select: { name: true } } },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  return notices.map(({ kind, data, state, createdAt, person }) => {
    const by = typeof data === 'object' && data !== null && 'by' in data ? String(data.by) : '';
    const text = `${NOTICES[kind]?.(person.name, by) ?? ''}${NOT_ARRIVED[state] ?? ''}`;
    return { at: createdAt, day: time.dayOf(createdAt), kind: 'notice', text };
  });
}
