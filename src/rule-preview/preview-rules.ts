import type { DayCounts } from '../customers/index.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import { createFollowing } from './count-following.ts';
import type { Spell } from './read-history.ts';
import { type ClaimCaps, type RefusedClaim, replayClaims } from './replay-claims.ts';
import { type Changed, replayDrops } from './replay-drops.ts';

/** A sales rank as it is, or as it would be. */
export type RankRule = {
  consultantId: number;
  weight: number;
  slots: number;
  followingCap: number | null;
  dailyCap: number | null;
};

export type Rules = DayCounts & ClaimCaps & { ranks: readonly RankRule[] };

/** To whom past customers would have gone by other ranks; the assignment feature gives it. */
export type ReplayTurns = (
  past: readonly { day: SchoolDay; endedOn: SchoolDay | null }[],
  ranks: readonly RankRule[],
  following: ReturnType<typeof createFollowing>,
) => (number | null)[];

/** A customer who would have gone to somebody else; null: to nobody, into the pool. */
export type Moved = { spell: Spell; toId: number | null };

/** What the proposed rules would have changed for one consultant. */
export type ConsultantPreview = {
  consultant: { id: number; name: string };
  lost: Changed[];
  spared: Changed[];
  actualLost: number;
  proposedLost: number;
  gained: Moved[];
  given: Moved[];
  actualAssigned: number;
  proposedAssigned: number;
  refused: RefusedClaim[];
};

export type Preview = { consultants: ConsultantPreview[]; moved: number; toPool: Moved[] };

/**
 * What the proposed rules would have made of a month's kept history (pure): who would have lost whom, who would have been
 * given whom, which claims the caps would have refused. Each part by itself: nobody can know what people would have done.
 * Turns are only dealt anew where the ranks would change.
 */
export function previewRules(
  spells: readonly Spell[],
  { current, proposed }: { current: Rules; proposed: Rules },
  {
    from,
    to,
    names,
    replayTurns,
  }: { from: SchoolDay; to: SchoolDay; names: ReadonlyMap<number, string>; replayTurns: ReplayTurns },
): Preview {
  const drops = replayDrops(spells, proposed, { from, to });
  const refused = replayClaims(spells, proposed, from);
  const assigned = spells.filter(({ origin, date }) => origin === 'assigned' && date >= from);
  const holders = sameRanks(current.ranks, proposed.ranks)
    ? assigned.map(({ consultant }) => consultant.id)
    : dealAnew(spells, assigned, proposed.ranks, replayTurns);
  const moved = assigned.flatMap((spell, at): Moved[] => {
    const toId = holders[at] ?? null;
    return toId === spell.consultant.id ? [] : [{ spell, toId }];
  });

  const people = new Map(spells.map(({ consultant }) => [consultant.id, consultant.name]));
  for (const { toId } of moved) if (toId !== null) people.set(toId, names.get(toId) ?? '已离职');
  const consultants = [...people].map(([id, name]): ConsultantPreview => {
    const isOwn = ({ spell }: { spell: Spell }) => spell.consultant.id === id;
    const mine = replayDrops(
      spells.filter(({ consultant }) => consultant.id === id),
      proposed,
      { from, to },
    );
    return {
      consultant: { id, name },
      lost: drops.lost.filter(isOwn),
      spared: drops.spared.filter(isOwn),
      actualLost: mine.actual,
      proposedLost: mine.proposed,
      gained: moved.filter(({ toId }) => toId === id),
      given: moved.filter(isOwn),
      actualAssigned: assigned.filter(({ consultant }) => consultant.id === id).length,
      proposedAssigned: holders.filter((holder) => holder === id).length,
      refused: refused.filter(isOwn),
    };
  });
  return { consultants, moved: moved.length, toPool: moved.filter(({ toId }) => toId === null) };
}

/** Everybody else's customers stay where they were; those given out by turns go round anew. */
function dealAnew(
  spells: readonly Spell[],
  assigned: readonly Spell[],
  ranks: readonly RankRule[],
  replayTurns: ReplayTurns,
): (number | null)[] {
  const anew = new Set(assigned);
  const following = createFollowing(
    spells
      .filter((spell) => !anew.has(spell))
      .map(({ consultant, date, endedOn }) => ({ consultantId: consultant.id, day: date, endedOn })),
  );
  return replayTurns(
    assigned.map(({ date, endedOn }) => ({ day: date, endedOn })),
    ranks,
    following,
  );
}

function sameRanks(a: readonly RankRule[], b: readonly RankRule[]): boolean {
  const plain = (ranks: readonly RankRule[]) =>
    ranks
      .map(({ consultantId, weight, slots, followingCap, dailyCap }) =>
        [consultantId, weight, slots, followingCap, dailyCap].join(),
      )
      .sort()
      .join(' ');
  return plain(a) === plain(b);
}
