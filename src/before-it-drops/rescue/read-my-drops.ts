import { keepNumbers } from '../../customers/index.ts';
import { personOf } from '../../kernel/actor.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type ComingSweep, readComingSweep } from './coming-sweep.ts';
import { countAboutToDrop, findAboutToDrop, type OwnDrops, type TeamCount } from './find-about-to-drop.ts';
import { headOf, teamOf } from './heads.ts';
import { type Numbered, withNumbers } from './say-drops.ts';

export type MyDrops = {
  sweep: ComingSweep;
  drops: OwnDrops;
  /** The savable ones with the numbers that hold until the sweep. */
  numbered: Numbered[];
  /** Whom the numbers mean, in their order, saved ones too. */
  numbers: number[];
  /** Empty but for heads. */
  team: TeamCount[];
};

/**
 * What the coming sweep will take from the one who asks, numbered until then; heads also get their people's counts. Reading
 * it makes the numbers valid, as the evening's digest does.
 */
export async function readMyDrops(scope: Scope): Promise<MyDrops> {
  const consultantId = personOf(scope.actor);
  const sweep = await readComingSweep(scope);
  const found = (await findAboutToDrop(scope, sweep, [consultantId])).get(consultantId);
  const drops = found ?? { savable: [], lost: [], savableCount: 0, lostCount: 0 };
  const ids = drops.savable.map(({ id }) => id);
  const numbers =
    ids.length > 0
      ? await keepNumbers(scope, { list: 'rescue', until: sweep.at, customers: new Map([[consultantId, ids]]) })
      : null;
  const head = headOf(scope.actor);
  return {
    sweep,
    drops,
    numbered: withNumbers(drops, numbers?.get(consultantId) ?? []),
    numbers: numbers?.get(consultantId) ?? [],
    team: head ? teamOf(await countAboutToDrop(scope, sweep), head) : [],
  };
}
