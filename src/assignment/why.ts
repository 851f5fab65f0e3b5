import { rowScope } from '../access/access.ts';
import { heldBy, visibleCustomers, within } from '../customers/index.ts';
import type { AssignmentOrigin, AssignmentState, Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { refuse as refuseKernel } from '../kernel/refusal.ts';
import { dayFromDb, type SchoolDay, type SchoolTime } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import type { PassedOver } from '../rota/rota-store.ts';
import { readCycle, readPlaces } from './history.ts';
import { refuse } from './phrases.ts';
import { sayWhy } from './say-why.ts';

type Named = { id: number; name: string };
type Away = { consultant: Named; reason: string };

/** Why a customer came to a consultant: how, and for automatic ones the turn, its cycle and who was passed over. */
export type Why = {
  assignmentId: number;
  customer: Named;
  consultant: Named;
  date: SchoolDay;
  state: AssignmentState;
  origin: AssignmentOrigin;
  /** Who had the customer before, where it was claimed or transferred. */
  before: Named | null;
  turn: {
    id: string;
    takenAt: Date;
    cycle: number;
    /** From 1, as people count. */
    place: number;
    /** The cycle's order; unknown where its row is missing. */
    order: Named[];
    passedOver: Away[];
    /** Turns of the cycle before that nobody could take any more when this cycle began. */
    lapsed: Away[];
  } | null;
};

const named = { select: { id: true, name: true } } as const;

/**
 * Why this assignment was made.
 * @throws Refusal `not_found`
 */
export async function readWhy(tx: Tx, assignmentId: number, visible: Prisma.AssignmentWhereInput = {}): Promise<Why> {
  const assignment = await tx.assignment.findFirst({
    where: { AND: [{ id: assignmentId }, visible] },
    include: { customer: named, consultant: named, turn: true },
  });
  if (!assignment) throw refuseKernel.not_found({ what: '条分配记录' });
  const { customer, consultant, state, origin, turn } = assignment;
  return {
    assignmentId,
    customer,
    consultant,
    date: dayFromDb(assignment.date),
    state,
    origin,
    before: turn ? null : await holderBefore(tx, assignment),
    turn: turn && (await readTurn(tx, turn)),
  };
}

/** The lines 为什么 answers with, for whoever asks (分给你, or 分给李娜). */
export async function whyLines(
  { tx, time, actor }: { tx: Tx; time: SchoolTime; actor: Pick<Actor, 'id'> },
  assignmentId: number,
): Promise<string[]> {
  return sayWhy(await readWhy(tx, assignmentId), { time, readerId: actor.id });
}

/** The assignments somebody may ask about: their own, also of customers they have lost, and those within their scope. */
export function visibleReasons(actor: Actor): Prisma.AssignmentWhereInput {
  if (rowScope(actor, 'assignments.list') === 'all') return {};
  return { OR: [{ consultantId: actor.id ?? -1 }, { customer: heldBy(actor) }, within(actor, 'assignments.list')] };
}

/**
 * The assignment 为什么 is about: the customer's last that the reader may ask about, their own or, with a wider scope, whoever
 * has it now; null where none may be asked about, as for one in the pool.
 * @throws Refusal `not_found`
 */
async function findAssignment(
  { tx, actor }: Pick<Scope, 'tx' | 'actor'>,
  customerId: number,
): Promise<{ name: string; assignmentId: number | null }> {
  const where: Prisma.AssignmentWhereInput = { customerId, state: { not: 'undone' } };
  const last = { orderBy: { id: 'desc' }, select: { id: true, customer: named } } as const;
  const found = await tx.assignment.findFirst({ where: { AND: [where, visibleReasons(actor)] }, ...last });
  if (found) return { name: found.customer.name, assignmentId: found.id };
  const customer = await tx.customer.findFirst({ where: { id: customerId, ...visibleCustomers(actor) }, ...named });
  if (!customer) throw refuseKernel.not_found({ what: '位客户' });
  return { name: customer.name, assignmentId: null };
}

/**
 * Why a customer came to the one who asks, or to whom it came last.
 * @throws Refusal `not_found`, `no_reason_yet` for one in the pool whom the asker never had
 */
export async function explainCustomer(scope: Pick<Scope, 'tx' | 'actor'>, customerId: number): Promise<Why> {
  const { name, assignmentId } = await findAssignment(scope, customerId);
  if (assignmentId === null) throw refuse.no_reason_yet({ name });
  return readWhy(scope.tx, assignmentId);
}

async function holderBefore(
  tx: Tx,
  { id, customerId, origin }: { id: number; customerId: number; origin: AssignmentOrigin },
): Promise<Named | null> {
  const earlier = await tx.assignment.findFirst({
    where: { customerId, id: { lt: id }, state: { not: 'undone' } },
    orderBy: { id: 'desc' },
    select: { state: true, consultant: named },
  });
  // Out of the pool nobody gave it: who lost it before did not.
  if (!earlier || (origin === 'transferred' && earlier.state !== 'transferred')) return null;
  return earlier.consultant;
}

type TurnRow = { id: string; cycle: number; position: number; takenAt: Date; passedOver: unknown };

async function readTurn(tx: Tx, turn: TurnRow): Promise<Why['turn']> {
  const row = await tx.rotaCycle.findUnique({ where: { cycle: turn.cycle } });
  const { original, lapsed } = row ? readCycle(row) : { original: [], lapsed: [] };
  const passedOver = readPlaces(turn.passedOver);
  const ids = [...original, ...[...passedOver, ...lapsed].map(({ consultantId }) => consultantId)];
  const people = await tx.person.findMany({ where: { id: { in: ids } }, ...named });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const nameOf = (id: number): Named => ({ id, name: names.get(id) ?? '已离职的同事' });
  return {
    id: turn.id,
    takenAt: turn.takenAt,
    cycle: turn.cycle,
    place: turn.position + 1,
    order: original.map(nameOf),
    passedOver: once(passedOver).map(({ consultantId, reason }) => ({ consultant: nameOf(consultantId), reason })),
    lapsed: once(lapsed).map(({ consultantId, reason }) => ({ consultant: nameOf(consultantId), reason })),
  };
}

/** Somebody with several turns ahead was passed over several times, but for one reason. */
function once(places: readonly PassedOver[]): PassedOver[] {
  return [...new Map(places.map((place) => [place.consultantId, place])).values()];
}
