import { createFollowing } from './count-following.ts';
import type { Spell } from './read-history.ts';

export type ClaimCaps = { claimsADay: number | null; followingCap: number | null };

/** A claim the caps would have refused. */
export type RefusedClaim = { spell: Spell; cap: 'day' | 'following' };

/** Which of the claims since a day other caps would have refused, in their order; a refused one is not held after. */
export function replayClaims(spells: readonly Spell[], caps: ClaimCaps, from: string): RefusedClaim[] {
  const isClaim = ({ origin, date }: Spell) => origin === 'claimed' && date >= from;
  const following = createFollowing(
    spells
      .filter((spell) => !isClaim(spell))
      .map(({ consultant, date, endedOn }) => ({ consultantId: consultant.id, day: date, endedOn })),
  );
  const claimed = new Map<string, number>();
  return spells.filter(isClaim).flatMap((spell): RefusedClaim[] => {
    const { consultant, date, endedOn } = spell;
    following.goTo(date);
    const key = `${date} ${consultant.id}`;
    const today = claimed.get(key) ?? 0;
    if (caps.claimsADay !== null && today >= caps.claimsADay) return [{ spell, cap: 'day' }];
    if (caps.followingCap !== null && following.of(consultant.id) >= caps.followingCap)
      return [{ spell, cap: 'following' }];
    claimed.set(key, today + 1);
    following.add(consultant.id, endedOn);
    return [];
  });
}
