import { describe, expect, it } from 'vitest';
import { replayTurns } from '../../src/assignment/index.ts';
import { createFollowing } from '../../src/rule-preview/count-following.ts';
import { previewRules, type RankRule, type Rules } from '../../src/rule-preview/preview-rules.ts';
import type { Spell } from '../../src/rule-preview/read-history.ts';
import { replayClaims } from '../../src/rule-preview/replay-claims.ts';
import { replayDrop, replayDrops } from '../../src/rule-preview/replay-drops.ts';

const MONTH = { from: '2026-10-21', to: '2026-11-21' };
const COUNTS = { noContactDays: 3, noDealDays: 15 };
let made = 0;

/** 李娜 holds a customer from a day on; a contact with * came before that day's sweep. */
function spell(
  date: string,
  contacts: readonly string[] = [],
  more: Partial<Omit<Spell, 'customer' | 'consultant' | 'contacts'>> & { by?: number } = {},
): Spell {
  made += 1;
  const { by = 1, ...rest } = more;
  return {
    id: made,
    customer: { id: made, name: `客户${made}` },
    consultant: { id: by, name: ['', '李娜', '王强', '赵敏'][by] ?? '' },
    date,
    endedOn: null,
    state: 'following',
    origin: 'assigned',
    contacts: contacts.map((contact) => ({ day: contact.slice(0, 10), isEarly: contact.endsWith('*') })),
    ...rest,
  };
}

const rank = (consultantId: number, weight: number, slots: number, caps: Partial<RankRule> = {}): RankRule => ({
  consultantId,
  weight,
  slots,
  followingCap: null,
  dailyCap: null,
  ...caps,
});

describe('when the sweep would have taken a customer', () => {
  it.each([
    ['never contacted: D+4', [], { day: '2026-11-05', reason: 'noContact' }],
    ['contacted on D+3: put off', ['2026-11-04'], { day: '2026-11-08', reason: 'noContact' }],
    ['contacted on D+4 after the sweep: too late', ['2026-11-05'], { day: '2026-11-05', reason: 'noContact' }],
    ['contacted on D+4 at 01:00: put off', ['2026-11-05*'], { day: '2026-11-09', reason: 'noContact' }],
    [
      'contacted all the time: D+16',
      ['2026-11-04', '2026-11-07', '2026-11-10', '2026-11-13', '2026-11-16'],
      { day: '2026-11-17', reason: 'noDeal' },
    ],
  ] as const)('%s', (_, contacts, drop) => {
    expect(replayDrop(spell('2026-11-01', contacts), COUNTS)).toEqual(drop);
  });
});

describe('other day counts', () => {
  it('take more where they are shorter, and name what really became of each', () => {
    const kept = spell('2026-11-10', ['2026-11-13', '2026-11-16', '2026-11-19']);
    const won = spell('2026-11-01', ['2026-11-04'], { state: 'won', endedOn: '2026-11-06' });
    const quickly = spell('2026-11-01', [], { state: 'won', endedOn: '2026-11-02' });
    const { lost, spared, actual, proposed } = replayDrops(
      [kept, won, quickly],
      { ...COUNTS, noContactDays: 2 },
      MONTH,
    );
    expect(lost.map((one) => [one.spell.id, one.drop])).toEqual([
      [kept.id, { day: '2026-11-13', reason: 'noContact' }],
      [won.id, { day: '2026-11-04', reason: 'noContact' }],
    ]);
    expect([spared.length, actual, proposed]).toEqual([0, 0, 2]);
  });

  it('spare who was lost where they are longer, and say when it would have been instead', () => {
    const early = spell('2026-11-01', [], { state: 'lostNoContact', endedOn: '2026-11-05' });
    const late = spell('2026-11-14', [], { state: 'lostNoContact', endedOn: '2026-11-18' });
    const { lost, spared, actual, proposed } = replayDrops([early, late], { ...COUNTS, noContactDays: 7 }, MONTH);
    expect(spared.map((one) => [one.spell.id, one.drop?.day ?? null])).toEqual([
      [early.id, '2026-11-09'],
      [late.id, null],
    ]);
    expect([lost.length, actual, proposed]).toEqual([0, 2, 1]);
  });

  it('the same as they were, change nothing', () => {
    const spells = [
      spell('2026-11-01', [], { state: 'lostNoContact', endedOn: '2026-11-05' }),
      spell('2026-10-28', ['2026-10-31'], { state: 'released', endedOn: '2026-11-02' }),
      spell('2026-11-19'),
    ];
    expect(replayDrops(spells, COUNTS, MONTH)).toEqual({ lost: [], spared: [], actual: 1, proposed: 1 });
  });
});

describe('other caps on claims', () => {
  it('refuse the later ones of a day', () => {
    const claims = [1, 1, 2, 1].map((by) => spell('2026-11-10', [], { origin: 'claimed', by }));
    const refused = replayClaims(claims, { claimsADay: 2, followingCap: null }, MONTH.from);
    expect(refused.map((one) => [one.spell.id, one.cap])).toEqual([[claims[3]?.id, 'day']]);
  });

  it('refuse whoever follows enough already, and count who left before', () => {
    const held = [spell('2026-11-01', [], { endedOn: '2026-11-10', state: 'won' }), spell('2026-11-02')];
    const claims = ['2026-11-09', '2026-11-10', '2026-11-11'].map((date) => spell(date, [], { origin: 'claimed' }));
    const refused = replayClaims([...held, ...claims], { claimsADay: null, followingCap: 2 }, MONTH.from);
    expect(refused.map((one) => [one.spell.date, one.cap])).toEqual([
      ['2026-11-09', 'following'],
      ['2026-11-11', 'following'],
    ]);
  });
});

describe('other ranks', () => {
  const past = (days: readonly string[]) => days.map((day) => ({ day, endedOn: null }));
  const deal = (days: readonly string[], ranks: readonly RankRule[]) =>
    replayTurns(past(days), ranks, createFollowing([]));

  it('deal the month anew by weight and slots', () => {
    expect(deal(Array(7).fill('2026-11-01'), [rank(1, 9, 2), rank(2, 5, 4), rank(3, 1, 1)])).toEqual([
      1, 2, 3, 1, 2, 2, 2,
    ]);
  });

  it('keep to a daily cap, the next day anew, and to nobody where all are full', () => {
    const ranks = [rank(1, 9, 1, { dailyCap: 1 }), rank(2, 5, 1, { dailyCap: 1 })];
    expect(deal(['2026-11-01', '2026-11-01', '2026-11-01', '2026-11-02'], ranks)).toEqual([1, 2, null, 1]);
  });

  it('keep to a cap on customers being followed, which frees as they end', () => {
    const following = createFollowing([{ consultantId: 1, day: '2026-10-30', endedOn: '2026-11-02' }]);
    const ranks = [rank(1, 9, 9, { followingCap: 1 }), rank(2, 5, 1)];
    expect(replayTurns(past(['2026-11-01', '2026-11-02', '2026-11-03']), ranks, following)).toEqual([2, 1, 2]);
  });
});

describe('a preview', () => {
  const rules = (more: Partial<Rules> = {}): Rules => ({
    ...COUNTS,
    claimsADay: null,
    followingCap: null,
    ranks: [rank(1, 9, 1), rank(2, 5, 1)],
    ...more,
  });
  const names = new Map([
    [1, '李娜'],
    [2, '王强'],
    [3, '赵敏'],
  ]);

  it('tells for each consultant who would be lost, gained and given away', () => {
    const spells = [
      spell('2026-11-01', [], { state: 'won', endedOn: '2026-11-05' }),
      spell('2026-11-01', ['2026-11-03'], { by: 2, state: 'lostNoContact', endedOn: '2026-11-07' }),
    ];
    const proposed = rules({ noContactDays: 2, ranks: [rank(1, 9, 1), rank(2, 5, 0), rank(3, 1, 1)] });
    const { consultants, moved } = previewRules(
      spells,
      { current: rules(), proposed },
      { ...MONTH, names, replayTurns },
    );
    expect(moved).toBe(1);
    expect(
      consultants.map((own) => ({
        name: own.consultant.name,
        lost: own.lost.map(({ drop }) => drop?.day),
        gained: own.gained.length,
        given: own.given.map(({ toId }) => toId),
        counts: [own.actualLost, own.proposedLost, own.actualAssigned, own.proposedAssigned],
      })),
    ).toEqual([
      { name: '李娜', lost: ['2026-11-04'], gained: 0, given: [], counts: [0, 1, 1, 1] },
      { name: '王强', lost: ['2026-11-06'], gained: 0, given: [3], counts: [1, 1, 1, 0] },
      { name: '赵敏', lost: [], gained: 1, given: [], counts: [0, 0, 0, 1] },
    ]);
  });

  it('with the ranks as they are, deals nothing anew', () => {
    const spells = [spell('2026-11-18', [], { by: 2 }), spell('2026-11-18', [], { by: 2 })];
    const { moved } = previewRules(
      spells,
      { current: rules(), proposed: rules({ claimsADay: 1 }) },
      { ...MONTH, names, replayTurns },
    );
    expect(moved).toBe(0);
  });
});
