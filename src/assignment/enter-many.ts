import {
  assigned,
  customerSubject,
  type EnterCustomer,
  findKnown,
  type KnownCustomer,
  SOURCES,
} from '../customers/index.ts';
import type { Notice } from '../kernel/notice.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { keyOf } from './enter-and-assign.ts';
import { checkTurns, recordTurns } from './record-turns.ts';
import { insertAssignments, insertCourses, insertCustomers, type Placed } from './store-customers.ts';
import type { HeldTurn, TakeTurns } from './take-turns.ts';

/**
 * What became of a row, in the order given: saved with its holder (null: in the pool), or a duplicate, of customers known
 * already or of an earlier row of this batch (its place, from 0).
 */
export type RowOutcome =
  | { outcome: 'saved'; customerId: number; assignmentId: number | null; consultantId: number | null }
  | { outcome: 'duplicate'; known: KnownCustomer[]; ofRow: number | null };

/** Where a row goes: to whose turn it is, to the pool, or to one consultant without a turn. */
export type Placement = 'rota' | 'pool' | number;

/**
 * Enters a batch of customers, a few hundred to a thousand; for imports.
 * @param options `alert: false` leaves telling the consultants to the caller, who does it once for many batches;
 * `placements` says for each row where it goes, the rota by default
 */
export type EnterMany = (
  scope: Scope,
  rows: readonly EnterCustomer[],
  options?: { alert?: boolean; placements?: readonly Placement[] },
) => Promise<RowOutcome[]>;

type Fresh = { at: number; input: EnterCustomer };
type Given = { turn: HeldTurn | null; placed: Placed };

/**
 * Enters customers in order, each with a turn of its own where the rota decides: the turns are taken in one step, customers,
 * turns, assignments and alerts written set by set in one transaction. Duplicates take no turn and are told to nobody here:
 * an import does that in one digest. Everybody's entries count, a consultant's too. Nobody left to take them: the rest go to
 * the pool.
 */
export function createEnterMany(takeTurns: TakeTurns): EnterMany {
  return async (scope, rows, { alert = true, placements = [] } = {}) => {
    const outcomes = new Map<number, RowOutcome>();
    const fresh = await leaveOutKnown(scope.tx, rows, outcomes);
    const [first] = fresh;
    if (!first) return inOrder(rows, outcomes);

    const key = keyOf(first.input);
    const placementOf = ({ at }: Fresh) => placements[at] ?? 'rota';
    const waiting = fresh.filter((row) => placementOf(row) === 'rota').length;
    const { turns, cycles } =
      waiting > 0 ? await takeTurns.hold(scope, key, waiting) : { turns: [] as HeldTurn[], cycles: [] };
    if (!(await checkTurns(scope, turns))) return takeTurns.holdOthers(scope, key);

    const given = giveOut(fresh, placementOf, turns);
    const ids = await insertCustomers(
      scope,
      given.map(({ placed }) => placed),
    );
    const used = given.flatMap(({ turn }, at) => (turn && ids[at] !== null ? [turn] : []));
    if (!(await recordTurns(scope, used, cycles))) return takeTurns.holdOthers(scope, key);

    const saved = given.flatMap(({ placed: { input, to } }, place) => {
      const customerId = ids[place] ?? null;
      return customerId === null ? [] : [{ at: fresh[place]!.at, input, customerId, to }];
    });
    await insertCourses(
      scope,
      saved.map(({ customerId, input }) => ({ customerId, courseIds: input.courseIds })),
    );
    const assignments = await insertAssignments(
      scope,
      saved.flatMap(({ customerId, to }) => (to ? [{ customerId, ...to }] : [])),
    );
    if (alert) await tellConsultants(scope, saved, assignments);
    scope.afterCommit(() => {
      for (const turn of used) turn.fate = 'used';
    });

    for (const { at, customerId, to } of saved)
      outcomes.set(at, {
        outcome: 'saved',
        customerId,
        assignmentId: assignments.get(customerId) ?? null,
        consultantId: to?.consultantId ?? null,
      });
    await readLateDuplicates(scope.tx, fresh, outcomes);
    return inOrder(rows, outcomes);
  };
}

/** Gives the turns to the rows that wait for one, in order; the others go where they are placed. */
function giveOut(fresh: readonly Fresh[], placementOf: (row: Fresh) => Placement, turns: readonly HeldTurn[]): Given[] {
  let next = 0;
  return fresh.map((row) => {
    const placement = placementOf(row);
    if (placement === 'pool') return { turn: null, placed: { input: row.input, to: null } };
    if (placement !== 'rota')
      return { turn: null, placed: { input: row.input, to: { turnId: null, consultantId: placement } } };
    const turn = turns[next] ?? null;
    next += 1;
    return {
      turn,
      placed: { input: row.input, to: turn && { turnId: turn.turnId, consultantId: turn.consultantId } },
    };
  });
}

/** Rows whose contacts nobody has had before, neither in the database nor further up in the batch. */
async function leaveOutKnown(
  tx: Tx,
  rows: readonly EnterCustomer[],
  outcomes: Map<number, RowOutcome>,
): Promise<Fresh[]> {
  const known = indexByContact(await findKnown(tx, rows));
  const seen = new Map<string, number>();
  const fresh: Fresh[] = [];
  for (const [at, input] of rows.entries()) {
    const contacts = contactsOf(input);
    const customers = [...new Set(contacts.flatMap((contact) => known.get(contact) ?? []))];
    const ofRow = contacts.map((contact) => seen.get(contact)).find((row) => row !== undefined);
    if (customers.length > 0) outcomes.set(at, { outcome: 'duplicate', known: customers, ofRow: null });
    else if (ofRow !== undefined) outcomes.set(at, { outcome: 'duplicate', known: [], ofRow });
    else {
      fresh.push({ at, input });
      for (const contact of contacts) seen.set(contact, at);
    }
  }
  return fresh;
}

/** Somebody else entered them since we looked. */
async function readLateDuplicates(tx: Tx, fresh: readonly Fresh[], outcomes: Map<number, RowOutcome>): Promise<void> {
  const late = fresh.filter(({ at }) => !outcomes.has(at));
  if (late.length === 0) return;
  const known = indexByContact(
    await findKnown(
      tx,
      late.map(({ input }) => input),
    ),
  );
  for (const { at, input } of late) {
    const customers = [...new Set(contactsOf(input).flatMap((contact) => known.get(contact) ?? []))];
    outcomes.set(at, { outcome: 'duplicate', known: customers, ofRow: null });
  }
}

async function tellConsultants(
  scope: Scope,
  saved: readonly { input: EnterCustomer; customerId: number; to: Placed['to'] }[],
  assignments: ReadonlyMap<number, number>,
): Promise<void> {
  const ids = [...new Set(saved.flatMap(({ input }) => input.courseIds))];
  const courses = ids.length > 0 ? await scope.tx.course.findMany({ where: { id: { in: ids } } }) : [];
  const names = new Map(courses.map(({ id, name }) => [id, name]));
  const at = scope.time.format(scope.now);
  const { noContactDays } = await readSettings(scope.tx);
  const notices = saved.flatMap(({ input, customerId, to }): Notice[] => {
    if (!to) return [];
    const course = input.courseIds.flatMap((id) => names.get(id) ?? []).join('、') || '还没问课程';
    return [
      assigned.to(
        to.consultantId,
        { customer: input.name, course, source: SOURCES[input.source], at, noContactDays },
        { once: `assigned:${assignments.get(customerId)}`, about: customerSubject.of(customerId) },
      ),
    ];
  });
  await scope.tell(...notices);
}

function indexByContact(known: readonly KnownCustomer[]): Map<string, KnownCustomer> {
  return new Map(known.flatMap((customer) => contactsOf(customer).map((contact) => [contact, customer] as const)));
}

function contactsOf({
  qq,
  phone,
  wechat,
}: Partial<Record<'qq' | 'phone' | 'wechat', string | null | undefined>>): string[] {
  return [qq && `qq ${qq}`, phone && `phone ${phone}`, wechat && `wechat ${wechat}`].filter(
    (one) => typeof one === 'string',
  );
}

function inOrder(rows: readonly EnterCustomer[], outcomes: ReadonlyMap<number, RowOutcome>): RowOutcome[] {
  return rows.map((_, at) => outcomes.get(at)!);
}
