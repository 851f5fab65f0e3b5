import { afterEach, describe, expect, it } from 'vitest';
import { createCustomerFigures } from '../../src/customers/figures.ts';
import type { SchoolDay } from '../../src/kernel/school-time.ts';
import { type Somebody, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();
afterEach(() => school.empty());

/** What somebody's first page counts, by title. */
async function figuresOf({ actor }: Somebody, today: SchoolDay = '2026-11-21'): Promise<Record<string, unknown>> {
  const read = createCustomerFigures({ prisma: school.prisma() });
  const figures = await read({ reader: { actor, now: school.clock.now(), today }, time: school.time });
  return Object.fromEntries(figures.map(({ title, value }) => [title, value]));
}

describe('a consultant’s figures', () => {
  it('by day, count what the next sweep takes, apart by whether a contact still saves it', async () => {
    const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
    await school.customer({ heldBy: li, received: '2026-11-10', contacted: '2026-11-18' });
    await school.customer({ heldBy: li, received: '2026-11-10', contacted: '2026-11-19' });
    await school.customer({ heldBy: li, received: '2026-11-06', contacted: '2026-11-21' });
    await school.customer({
      heldBy: li,
      received: '2026-11-07',
      contacted: '2026-11-21',
      nextContactOn: new Date('2026-11-21'),
    });
    await school.customer({ heldBy: li, received: '2026-10-01', status: 'enrolled', state: 'won' });
    await school.customer({ heldBy: wang, received: '2026-11-10', contacted: '2026-11-18' });
    await school.customer({});
    expect(await figuresOf(li)).toMatchObject({
      '明早 2 点会掉，联系就能留住': 1,
      '明早 2 点满 15 天，成单才能留住': 1,
      约好今天联系: 1,
      公海: 1,
    });
  });

  it('between midnight and the sweep, count what this morning’s sweep takes', async () => {
    const li = await school.consultant('李娜');
    await school.customer({ heldBy: li, received: '2026-11-10', contacted: '2026-11-18' });
    await school.customer({ heldBy: li, received: '2026-11-10', contacted: '2026-11-17' });
    school.moveTo('2026-11-21', '01:00');
    expect(await figuresOf(li)).toMatchObject({ '今早 2 点会掉，联系就能留住': 1 });
    school.moveTo('2026-11-21', '02:00');
    expect(await figuresOf(li)).toMatchObject({ '明早 2 点会掉，联系就能留住': 2 });
  });
});

it('a head’s figures count all within their scope; who has nothing to do with customers gets none', async () => {
  const [li, wang] = (await school.consultants('李娜', '王强')) as [Somebody, Somebody];
  for (const heldBy of [li, wang]) await school.customer({ heldBy, received: '2026-11-10', contacted: '2026-11-18' });
  expect(await figuresOf(await school.head('周总'))).toMatchObject({ '明早 2 点会掉，联系就能留住': 2 });
  expect(await figuresOf(await school.person('讲师', 'own', []))).toEqual({});
});
