import { describe, expect, it } from 'vitest';
import { clearImportRows } from '../../src/customer-import/clear-rows.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { buildWorkbook, customerRows, textRow } from '../spreadsheet/build-workbook.ts';
import { useImportSchool } from './import-school.ts';

const school = useImportSchool();
const DAY_MS = 24 * 3_600_000;

/** Three good customers, the first of them again, and one that cannot be reached. */
const workbook = () =>
  buildWorkbook({ rows: customerRows(3) + textRow(10, ['又是他', '10000000']) + textRow(11, ['无名氏']) });

/** Runs the job to its end as if so many days had passed; answers how much it did. */
async function clear(days: number, limit = 5_000): Promise<number> {
  const { inTransaction, clock } = school.node();
  const now = new Date(clock.now().getTime() + days * DAY_MS);
  const batch = () =>
    inTransaction(systemActor, 'job', (scope) => clearImportRows.run(scope, { dueAt: now, limit }), { now });
  let all = 0;
  for (let done = await batch(); done > 0; done = await batch()) all += done;
  return all;
}

const rowsOf = (importId: number) => school.database().prisma.importRow.count({ where: { importId } });

describe('clearing the rows of old imports', () => {
  it('after thirty days they go, in batches; the numbers and the customers stay, and the report says it is gone', async () => {
    const { id } = await school.read(await workbook());
    const done = await school.run(id);
    expect(done).toMatchObject({ saved: 3, duplicates: 1, failed: 1, rowsCleared: false });
    expect(await clear(29)).toBe(0);
    expect((await school.call('GET', `/customers/import/${id}`)).body.rowsCleared).toBe(false);
    expect(await rowsOf(id)).toBe(5);

    expect(await clear(31, 2)).toBe(5);
    expect(await rowsOf(id)).toBe(0);
    const { saved, duplicates, failed } = done;
    const cleared = { state: 'done', total: 5, saved, duplicates, failed, problems: [], rowsCleared: true };
    expect(await school.progress(id)).toMatchObject(cleared);
    expect(await school.database().prisma.customer.count()).toBe(3);
    const page = await (await school.page(`/customers/import/${id}`)).text();
    expect(page).toContain('只留 30 天');
    expect(page).not.toContain('report.xlsx');
    expect(await school.call('GET', `/customers/import/${id}/report.xlsx`)).toMatchObject({
      status: 409,
      body: { error: { code: 'rows_cleared' } },
    });
    expect(await clear(32)).toBe(0);
  });

  it('a preview that nobody confirmed ends, says why, and cannot be run any more', async () => {
    const { id } = await school.read(await workbook());
    expect(await clear(29)).toBe(0);
    expect(await clear(31)).toBe(6);
    expect(await school.progress(id)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('30 天没有确认'),
    });
    expect(await rowsOf(id)).toBe(0);
    expect(await school.call('POST', `/customers/import/${id}/run`)).toMatchObject({ status: 409 });
  });

  it('an import that still runs keeps its rows, however old', async () => {
    const { id } = await school.read(await workbook());
    await school.database().prisma.customerImport.update({ where: { id }, data: { state: 'running' } });
    expect(await clear(60)).toBe(0);
    expect(await rowsOf(id)).toBe(5);
  });
});
