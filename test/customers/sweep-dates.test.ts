import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimCustomer } from '../../src/customers/claim-customer.ts';
import { releaseCustomer } from '../../src/customers/release-customer.ts';
import { writeFollowUp } from '../../src/customers/write-follow-up.ts';
import { addDays, dayToDb, type SchoolDay } from '../../src/kernel/school-time.ts';
import { runSweep } from '../before-it-drops/rescue/evening.ts';
import { type Somebody, useSalesSchool } from './sales-school.ts';

/**
 * Days are the school's wherever the process runs: west of Greenwich it is still yesterday at 02:00, at the date line
 * already tomorrow.
 */
describe.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'])('每日筛选 in a process at %s', (zone) => {
  const school = useSalesSchool();
  const before = process.env.TZ;
  let li: Somebody;
  let wang: Somebody;

  beforeAll(() => {
    process.env.TZ = zone;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
  beforeEach(async () => {
    await school.empty();
    [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
  });

  const sweepOn = async (day: SchoolDay) => {
    school.moveTo(day, '02:00');
    return runSweep(school);
  };

  it('runs where it says', () => {
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
  });

  it.each([
    ['contacted on D', { received: '2026-11-17', contacted: '2026-11-18' }, '2026-11-22', 'noContact'],
    [
      'contacted on D, over the end of a year',
      { received: '2026-12-29', contacted: '2026-12-30' },
      '2027-01-03',
      'noContact',
    ],
    ['contacted on New Year’s Eve', { received: '2026-12-31', contacted: '2026-12-31' }, '2027-01-04', 'noContact'],
    [
      'contacted on 26 February of a leap year',
      { received: '2028-02-26', contacted: '2028-02-26' },
      '2028-03-01',
      'noContact',
    ],
    ['received on D', { received: '2026-11-06', contacted: '2026-11-21' }, '2026-11-22', 'noDeal'],
    [
      'received on D, over the end of a year',
      { received: '2026-12-20', contacted: '2027-01-04' },
      '2027-01-05',
      'noDeal',
    ],
    ['both at once: no deal names it', { received: '2026-11-06', contacted: '2026-11-18' }, '2026-11-22', 'noDeal'],
  ] as const)('%s: stays the night before, goes that night', async (_, dates, goesOn, reason) => {
    const id = await school.customer({ heldBy: li, ...dates });
    expect(await sweepOn(addDays(goesOn, -1))).toBe(0);
    expect(await sweepOn(goesOn)).toBe(1);
    expect(await school.stored(id)).toMatchObject({
      consultantId: null,
      poolReason: reason,
      assignments: [{ state: reason === 'noDeal' ? 'lostNoDeal' : 'lostNoContact', endedOn: dayToDb(goesOn) }],
    });
  });

  it('enrolled, released and never assigned ones stay as they are', async () => {
    const enrolled = await school.customer({ heldBy: li, status: 'enrolled', state: 'won', received: '2026-01-01' });
    const unassigned = await school.customer({ poolReason: 'unassigned', received: '2026-01-01' });
    const released = await school.customer({ heldBy: li, received: '2026-11-10' });
    await li.does((scope) => releaseCustomer(scope, { customerId: released, reason: '在外地' }));
    expect(await sweepOn('2027-01-01')).toBe(0);
    expect(await school.states(enrolled)).toEqual([{ consultantId: li.id, state: 'won' }]);
    expect(await school.states(unassigned)).toEqual([]);
    expect(await school.states(released)).toEqual([{ consultantId: li.id, state: 'released' }]);
  });

  it('one claimed again begins anew, and is not given back to who lost it last', async () => {
    const id = await school.customer({ heldBy: li, received: '2026-12-28' });
    expect(await sweepOn('2027-01-01')).toBe(1);
    school.moveTo('2027-01-01', '00:30');
    await expect(li.does((scope) => claimCustomer(scope, { customerId: id }))).rejects.toMatchObject({
      code: 'lost_it_last',
    });
    school.moveTo('2027-01-01', '23:30');
    await wang.does((scope) => claimCustomer(scope, { customerId: id }));
    expect(await school.stored(id)).toMatchObject({
      receivedOn: dayToDb('2027-01-01'),
      lastContactedOn: dayToDb('2027-01-01'),
    });
    expect(await sweepOn('2027-01-04')).toBe(0);
    expect(await sweepOn('2027-01-05')).toBe(1);
    expect(await school.states(id)).toEqual([
      { consultantId: li.id, state: 'lostNoContact' },
      { consultantId: wang.id, state: 'lostNoContact' },
    ]);
  });

  it('a contact at 01:00 of the last night counts for that day, one at 23:59 for the day before', async () => {
    const late = await school.customer({ heldBy: li, received: '2026-12-28' });
    const early = await school.customer({ heldBy: li, received: '2026-12-28' });
    const note = (customerId: number) => li.does((scope) => writeFollowUp(scope, { customerId, note: '聊过' }));
    school.moveTo('2026-12-31', '23:59');
    await note(early);
    school.moveTo('2027-01-01', '01:00');
    await note(late);
    expect(await sweepOn('2027-01-01')).toBe(0);
    expect(await school.stored(late)).toMatchObject({ lastContactedOn: dayToDb('2027-01-01') });
    expect(await school.stored(early)).toMatchObject({ lastContactedOn: dayToDb('2026-12-31') });
    expect(await sweepOn('2027-01-04')).toBe(1);
    expect(await sweepOn('2027-01-05')).toBe(1);
  });
});
