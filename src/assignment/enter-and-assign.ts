import {
  type EnterCustomer,
  type Entered,
  enterCustomer,
  isConsultant,
  readReferences,
  refuseKnown,
} from '../customers/index.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { checkTurns, recordTurns } from './record-turns.ts';
import type { TakeTurns } from './take-turns.ts';

type Named = { id: number; name: string };

/** A customer entered: kept by the one entering, given to whose turn it was, or in the pool because nobody could. */
export type EnteredAndAssigned = Entered &
  (
    | { outcome: 'own'; consultant: Named }
    | { outcome: 'assigned'; consultant: Named }
    | { outcome: 'pooled'; consultant: null; away: { consultant: Named; reason: string }[] }
  );

/** Enters one customer; by form and chat alike. */
export type EnterAndAssign = (scope: Scope, input: EnterCustomer) => Promise<EnteredAndAssigned>;

/**
 * Enters a customer and gives it to the next consultant of the rota: customer, assignment, turn and alert in one
 * transaction. A consultant's own entry stays theirs, takes no turn and alerts nobody. Somebody known is refused before
 * any turn is taken (customers rule 6). With nobody to take it the customer goes to the pool as `unassigned`.
 * @throws Refusal `duplicate`, `invalid_fields`
 */
export function createEnterAndAssign(takeTurns: TakeTurns): EnterAndAssign {
  return async (scope, input) => {
    const { actor } = scope;
    if (isConsultant(actor)) {
      const entered = await enterCustomer(scope, input, { kind: 'self' });
      return { ...entered, outcome: 'own', consultant: { id: entered.consultantId ?? 0, name: actor.name } };
    }
    await refuseKnown(scope, input);
    await readReferences(scope, input);

    const key = keyOf(input);
    const { turns, cycles, away } = await takeTurns.hold(scope, key, 1);
    const [turn] = turns;
    if (!turn) {
      const entered = await enterCustomer(scope, input, { kind: 'pool' });
      return { ...entered, outcome: 'pooled', consultant: null, away: await readAway(scope.tx, away) };
    }
    const sound = (await checkTurns(scope, turns)) && (await recordTurns(scope, turns, cycles));
    if (!sound) return takeTurns.holdOthers(scope, key);

    const { turnId, consultantId } = turn;
    const entered = await enterCustomer(scope, input, { kind: 'consultant', id: consultantId, turnId });
    scope.afterCommit(() => {
      turn.fate = 'used';
    });
    const consultant = await scope.tx.person.findUniqueOrThrow({ where: { id: consultantId }, ...named });
    return { ...entered, outcome: 'assigned', consultant };
  };
}

/** Names what turns are held for: a customer is entered once, so one of its contacts tells calls of one transaction apart. */
export function keyOf({ qq, phone, wechat }: Pick<EnterCustomer, 'qq' | 'phone' | 'wechat'>): string {
  return `${qq ?? phone ?? wechat}`;
}

const named = { select: { id: true, name: true } } as const;

/** Who of the ranks could not take it, and why; those without a rank or slots are not spoken of. */
async function readAway(tx: Tx, away: Readonly<Record<number, string | null>>) {
  const ids = Object.keys(away).map(Number);
  const ranks = await tx.salesRank.findMany({
    where: { consultantId: { in: ids }, slots: { gt: 0 }, consultant: { active: true } },
    select: { consultant: named },
    orderBy: [{ weight: 'desc' }, { consultantId: 'asc' }],
  });
  return ranks.map(({ consultant }) => ({ consultant, reason: away[consultant.id] ?? '' }));
}
