import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRota, type Rank } from '../../src/rota/build-rota.ts';

const [a, b, c] = [1, 2, 3];
const rank = (consultantId: number, weight: number, slots: number): Rank => ({ consultantId, weight, slots });

describe('buildRota', () => {
  it.each<[string, Rank[], number[]]>([
    ['nobody is ranked: no turns', [], []],
    ['one consultant: as many turns as slots', [rank(a, 1, 3)], [a, a, a]],
    ['the school’s example: A B C A B B B', [rank(a, 9, 2), rank(b, 5, 4), rank(c, 1, 1)], [a, b, c, a, b, b, b]],
    ['ranks in another order: the same rota', [rank(c, 1, 1), rank(a, 9, 2), rank(b, 5, 4)], [a, b, c, a, b, b, b]],
    ['no slots: never appears', [rank(a, 9, 0), rank(b, 5, 2)], [b, b]],
    ['nobody has slots: no turns', [rank(a, 9, 0), rank(b, 5, 0)], []],
    ['equal weights: by id', [rank(c, 5, 1), rank(a, 5, 2), rank(b, 5, 1)], [a, b, c, a]],
    ['ids of two digits: by number', [rank(10, 5, 1), rank(9, 5, 1)], [9, 10]],
    ['weights of zero and below: last', [rank(a, -1, 1), rank(b, 0, 1), rank(c, 1, 1)], [c, b, a]],
  ])('%s', (_, ranks, rota) => {
    expect(buildRota(ranks)).toEqual(rota);
  });

  it('leaves the given ranks as they were', () => {
    const ranks = [rank(c, 1, 1), rank(a, 9, 2)];
    buildRota(ranks);
    expect(ranks).toEqual([rank(c, 1, 1), rank(a, 9, 2)]);
  });

  it('any ranks: everyone has exactly their slots, and in a round nobody comes before a heavier one', () => {
    const ranks = fc.uniqueArray(
      fc.record({ consultantId: fc.nat(50), weight: fc.integer({ min: -3, max: 9 }), slots: fc.nat(6) }),
      { selector: ({ consultantId }) => consultantId, maxLength: 8 },
    );
    fc.assert(
      fc.property(ranks, (ranks) => {
        const rota = buildRota(ranks);
        const round = new Map<number, number>();
        const places = rota.map((id) => {
          round.set(id, (round.get(id) ?? -1) + 1);
          return { id, round: round.get(id)!, weight: ranks.find((r) => r.consultantId === id)!.weight };
        });
        for (const { consultantId, slots } of ranks)
          expect(rota.filter((id) => id === consultantId)).toHaveLength(slots);
        const sorted = [...places].sort((x, y) => x.round - y.round || y.weight - x.weight || x.id - y.id);
        expect(places).toEqual(sorted);
      }),
    );
  });
});
