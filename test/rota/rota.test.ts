import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRota, type Rank } from '../../src/rota/build-rota.ts';
import { createInProcessRota } from '../../src/rota/in-process-rota.ts';
import { playRota, type Step, someRanks, someSteps } from './rota-play.ts';

const makeStore = async () => createInProcessRota({ wallNow: () => 0 });
const take: Step = { do: 'take', count: 1, away: [], room: {}, deleted: [] };

describe('rota', () => {
  it('any takes, failures, deaths, leaves, caps, resets and restarts: no place is lost or given twice but by the rule', async () => {
    await fc.assert(
      fc.asyncProperty(someRanks, someSteps, (ranks, steps) => playRota(makeStore, ranks, steps).then(() => {})),
      {
        numRuns: 400,
      },
    );
  });

  it('one customer at a time, each transaction committing, failing or dying: the commits are the rota’s own sequence', async () => {
    const fates = fc.array(fc.constantFrom('commit', 'commitThenDie', 'fail', 'die', 'restart'), {
      maxLength: 40,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(someRanks, fates, async (ranks, fates) => {
        const steps = fates.flatMap((fate): Step[] =>
          fate === 'restart' ? [take, { do: 'lose' }] : [take, { do: fate as 'commit', nth: 0 }, { do: 'recover' }],
        );
        const { committed } = await playRota(makeStore, ranks, steps);
        expect(committed).toEqual(sequence(ranks, committed.length));
      }),
    );
  });

  it('many at once, ending in any order and way: once all are through, the commits fill the sequence without a gap', async () => {
    const busy = fc.array(
      fc.oneof(
        fc.constant(take),
        fc.record({
          do: fc.constantFrom('commit', 'commitThenDie', 'fail', 'die'),
          nth: fc.nat(20),
        }) as fc.Arbitrary<Step>,
        fc.constant({ do: 'recover' } as Step),
      ),
      { maxLength: 60, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(someRanks, busy, async (ranks, steps) => {
        const commitAll = Array.from({ length: 60 }, (): Step => ({ do: 'commit', nth: 0 }));
        const takeBack = Array.from({ length: 60 }, () => [take, { do: 'commit', nth: 0 } as Step]).flat();
        const { committed } = await playRota(makeStore, ranks, [
          ...steps,
          ...commitAll,
          { do: 'recover' },
          ...takeBack,
        ]);
        const inOrder = committed.sort((a, b) => a.cycle - b.cycle || a.position - b.position);
        expect(inOrder).toEqual(sequence(ranks, committed.length));
      }),
    );
  });
});

/** The first places of the rota, cycle after cycle. */
function sequence(ranks: Rank[], length: number) {
  const rota = buildRota(ranks);
  return Array.from({ length }, (_, i) => ({
    cycle: Math.floor(i / rota.length) + 1,
    position: i % rota.length,
    consultantId: rota[i % rota.length]!,
  }));
}
