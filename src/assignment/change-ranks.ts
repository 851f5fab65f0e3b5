import { holders } from '../customers/index.ts';
import type { Scope } from '../kernel/scope.ts';
import type { RotaStore } from '../rota/rota-store.ts';
import { refuse } from './phrases.ts';
import type { AddRank, EditRank } from './schema.ts';

/** Lets the next cycle be laid out anew once this transaction has committed: ranks, leave or an account have changed. */
export type MarkReset = (scope: Pick<Scope, 'afterCommit'>) => void;

export function createMarkReset(rota: RotaStore): MarkReset {
  return ({ afterCommit }) => afterCommit(() => rota.markReset());
}

/** The use cases behind 销售权重: each takes effect when the present cycle is used up. */
export function createRankChanges(markReset: MarkReset) {
  return {
    /**
     * Gives a consultant a place in the rota.
     * @throws Refusal `not_a_consultant`, `already_ranked`
     */
    addRank: async (scope: Scope, input: AddRank): Promise<{ id: number }> => {
      const { consultantId, weight, slots, followingCap = null, dailyCap = null } = input;
      const consultant = await scope.tx.person.findFirst({ where: { id: consultantId, ...holders } });
      if (!consultant) throw refuse.not_a_consultant();
      const [rank] = await scope.tx.$queryRaw<{ id: number }[]>`
        INSERT INTO "SalesRank" ("consultantId", weight, slots, "followingCap", "dailyCap")
        VALUES (${consultantId}, ${weight}, ${slots}, ${followingCap}, ${dailyCap})
        ON CONFLICT DO NOTHING RETURNING id`;
      if (!rank) throw refuse.already_ranked({ name: consultant.name });
      markReset(scope);
      return rank;
    },

    /** @throws Refusal `no_such_rank` */
    editRank: async (scope: Scope, id: number, changes: EditRank): Promise<void> => {
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const { count } = await scope.tx.salesRank.updateMany({ where: { id }, data: given });
      if (count === 0) throw refuse.no_such_rank();
      markReset(scope);
    },

    /** @throws Refusal `no_such_rank` */
    removeRank: async (scope: Scope, id: number): Promise<void> => {
      const { count } = await scope.tx.salesRank.deleteMany({ where: { id } });
      if (count === 0) throw refuse.no_such_rank();
      markReset(scope);
    },
  };
}
