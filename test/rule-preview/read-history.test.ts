import { beforeEach, describe, expect, it } from 'vitest';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { addDays } from '../../src/kernel/school-time.ts';
import { readHistory } from '../../src/rule-preview/read-history.ts';
import { replayDrops } from '../../src/rule-preview/replay-drops.ts';
import { runSweep } from '../before-it-drops/rescue/evening.ts';
import { type Somebody, useSalesSchool } from '../customers/sales-school.ts';

const school = useSalesSchool();
const FROM = '2026-11-01';
const TO = '2026-11-25';
let li: Somebody;
let wang: Somebody;

beforeEach(async () => {
  await school.empty();
  [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
});

const history = () =>
  school.node().inTransaction(systemActor, 'system', (scope) => readHistory(scope, { from: FROM, to: TO }));

/** Lives some days: each night the sweep, then what is to be done that day. */
async function live(days: Readonly<Record<string, readonly [string, () => Promise<unknown>][]>>): Promise<void> {
  for (let day = FROM; day <= TO; day = addDays(day, 1)) {
    const doings = days[day] ?? [];
    for (const [at, work] of doings.filter(([time]) => time < '02:00')) {
      school.moveTo(day, at);
      await work();
    }
    school.moveTo(day, '02:00');
    await runSweep(school);
    for (const [at, work] of doings.filter(([time]) => time >= '02:00')) {
      school.moveTo(day, at);
      await work();
    }
  }
}

describe('a month lived and read again', () => {
  it('replayed with its own rules, is what it was; with others, differs by who would have been lost', async () => {
    school.moveTo('2026-11-01', '09:00');
    const [a, b, c] = [
      await school.customer({ name: '没人管', heldBy: li, received: '2026-11-01' }),
      await school.customer({ name: '半夜联系', heldBy: li, received: '2026-11-01' }),
      await school.customer({ name: '勤快', heldBy: wang, received: '2026-11-01' }),
    ];
    const note = (person: Somebody, customerId: number) => () =>
      person.does((scope) => writeFollowUp(scope, { customerId, note: '聊过' }));
    await live({
      '2026-11-04': [['10:00', note(wang, c)]],
      '2026-11-05': [
        ['01:00', note(li, b)],
        ['10:00', () => wang.does((scope) => claimCustomer(scope, { customerId: a }))],
      ],
      '2026-11-07': [['10:00', note(wang, c)]],
      '2026-11-10': [['10:00', note(wang, c)]],
      '2026-11-13': [['10:00', note(wang, c)]],
      '2026-11-14': [['10:00', note(wang, c)]],
    });
    const { spells, isWhole } = await history();
    expect(isWhole).toBe(true);
    expect(
      spells.map(({ customer, consultant, state, endedOn }) => [customer.name, consultant.name, state, endedOn]),
    ).toEqual([
      ['没人管', '李娜', 'lostNoContact', '2026-11-05'],
      ['半夜联系', '李娜', 'lostNoContact', '2026-11-09'],
      ['勤快', '王强', 'lostNoDeal', '2026-11-17'],
      ['没人管', '王强', 'lostNoContact', '2026-11-09'],
    ]);
    expect(spells[1]?.contacts).toEqual([{ day: '2026-11-05', isEarly: true }]);
    const period = { from: FROM, to: TO };
    expect(replayDrops(spells, { noContactDays: 3, noDealDays: 15 }, period)).toMatchObject({
      lost: [],
      spared: [],
      actual: 4,
      proposed: 4,
    });
    const longer = replayDrops(spells, { noContactDays: 3, noDealDays: 30 }, period);
    expect(longer.spared.map(({ spell, drop }) => [spell.customer.name, drop])).toEqual([
      ['勤快', { day: '2026-11-18', reason: 'noContact' }],
    ]);
    const shorter = replayDrops(spells, { noContactDays: 2, noDealDays: 15 }, period);
    expect(shorter.lost.map(({ spell, drop }) => [spell.customer.name, drop?.day])).toEqual([
      ['没人管', '2026-11-04'],
      ['半夜联系', '2026-11-04'],
      ['勤快', '2026-11-04'],
      ['没人管', '2026-11-08'],
    ]);
  });

  it('leaves out what was undone and what ended before', async () => {
    school.moveTo('2026-11-20');
    await school.customer({ name: '早就丢了', heldBy: li, received: '2026-09-01', state: 'released' });
    await school.prisma().assignment.updateMany({ data: { endedOn: new Date('2026-09-05') } });
    await school.customer({ name: '撤了' });
    await li.says('公海');
    await li.says('抢 1');
    await li.says('撤销');
    expect((await history()).spells).toEqual([]);
  });
});
