import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Field, Table } from '../../src/web/define-table.ts';
import { filterNames, inputName, pathOf } from '../../src/web/table/names.ts';
import { openParts } from '../../src/wire.ts';
import { quietLog } from '../setup/database.ts';
import { makeFolder } from '../setup/demo-school.ts';
import type { Client } from '../setup/json-client.ts';
import { useTestService } from '../setup/service.ts';

/** The lists of contract.md. */
const LISTS = [
  ...['/customers', '/pool', '/my-customers', '/assignments', '/follow-ups', '/sales-ranks', '/staff', '/departments'],
  ...['/roles', '/rooms', '/bookings', '/campuses', '/courses', '/cohorts', '/lessons', '/study-records', '/students'],
  ...['/payments', '/enrolments', '/notifications', '/audit', '/surveys', '/questions', '/referrals', '/placements'],
];
/** What an upgrade could not settle: a list of our own, for administrators. */
const OWN = ['/clashes'];
const READ_ONLY = ['/audit', '/assignments', '/notifications'];
const EVERYBODY = ['admin', 'head', 'consultant1', 'lecturer1', 'tutor1', 'student1'];

const service = useTestService();
let tables: readonly Table[];
let admin: Client;

beforeAll(async () => {
  tables = await declaredTables();
  admin = await service().signIn('admin');
});

/** The tables as the service declares them, from parts that are put together and taken apart again. */
async function declaredTables(): Promise<readonly Table[]> {
  const folder = await makeFolder();
  try {
    await copyFile(inject('embeddedTemplate'), join(folder, 'restore.tar.gz'));
    const parts = await openParts({ config: readConfig({ DATA_DIR: folder }), log: quietLog });
    await parts.close();
    return parts.tables;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What asking for `path` went wrong with: nothing, where all is well. */
async function problemOf(path: string): Promise<string[]> {
  const { status, json, text } = await admin.get(path);
  const isList = Array.isArray(json?.rows) && [json.total, json.page, json.size].every(Number.isInteger);
  return status === 200 && isList ? [] : [`${path}: ${status} ${text.slice(0, 300)}`];
}

/** A value a field can be filtered by; none where nothing of its kind is there. */
async function valuesFor(table: Table, field: Field): Promise<string[]> {
  if (field.choices) return Object.keys(field.choices);
  if (field.kind === 'relation' || field.kind === 'relations') {
    // Without options it is a link's own filter: /follow-ups?customerId=1.
    const rows = field.options ? (await admin.get(`${pathOf(table)}/options/${field.name}`)).json.rows : [{ id: 1 }];
    return rows.slice(0, 2).map(({ id }: { id: number }) => String(id));
  }
  const values = { flag: ['true', 'false'], day: ['2026-01-01..2027-12-31'], instant: ['2026-01-01..'] } as const;
  const more = { number: ['0..5', '3'], money: ['..5'], text: ['张'], longText: ['张'], choice: [] } as const;
  return [...{ ...values, ...more }[field.kind]];
}

describe('every list', () => {
  it('answers an administrator with a table on the page and rows for programs', async () => {
    for (const path of tables.map(pathOf)) {
      expect(await problemOf(path)).toEqual([]);
      const page = await admin.page(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(page.text).toContain('<table');
    }
  });

  it('stands under an address of the contract', () => {
    expect(tables.map(pathOf).filter((path) => ![...LISTS, ...OWN].includes(path))).toEqual([]);
  });

  it('sorts by every field that says it sorts, both ways', async () => {
    const problems: string[] = [];
    for (const table of tables)
      for (const { name } of table.fields.filter(({ sort }) => sort))
        for (const sort of [name, `-${name}`]) problems.push(...(await problemOf(`${pathOf(table)}?sort=${sort}`)));
    expect(problems).toEqual([]);
  });

  it('narrows by every field that says it filters, by several values and by all of them together', async () => {
    const problems: string[] = [];
    for (const table of tables) {
      const all = new URLSearchParams();
      for (const field of table.fields.filter(({ filter }) => filter)) {
        const values = await valuesFor(table, field);
        for (const name of filterNames(field)) {
          const query = new URLSearchParams(values.map((value): [string, string] => [name, value]));
          problems.push(...(await problemOf(`${pathOf(table)}?${query}`)));
        }
        for (const value of values.slice(0, 1)) all.append(inputName(field), value);
      }
      problems.push(...(await problemOf(`${pathOf(table)}?${all}&q=张&page=1&size=200`)));
    }
    expect(problems).toEqual([]);
  });

  it('refuses a sort, a filter or a value it does not know by 400, naming it', async () => {
    for (const table of tables) {
      const path = pathOf(table);
      expect((await admin.get(`${path}?sort=nonsense`)).json.error.fields).toHaveProperty('sort');
      expect((await admin.get(`${path}?nonsense=1`)).status).toBe(400);
      expect((await admin.get(`${path}?page=0`)).status).toBe(400);
    }
  });

  it('shows and exports what it lists', async () => {
    const problems: string[] = [];
    for (const table of tables) {
      const path = pathOf(table);
      const [row] = (await admin.get(path)).json.rows;
      const record = row && (await admin.get(`${path}/${row.id}`));
      if (record && (record.status !== 200 || record.json.row.id !== row.id)) problems.push(`${path}/${row.id}`);
      const sheet = await admin.get(`${path}.xlsx`);
      if (sheet.status !== 200 || !sheet.text.startsWith('PK')) problems.push(`${path}.xlsx ${sheet.status}`);
    }
    expect(problems).toEqual([]);
  });

  it('answers anybody else with their rows or a refusal, never with a fault', async () => {
    for (const username of EVERYBODY) {
      const person = await service().signIn(username);
      for (const path of tables.map(pathOf)) {
        expect([username, path, (await person.get(path)).status]).toEqual([
          username,
          path,
          expect.toBeOneOf([200, 403]),
        ]);
        expect([username, path, (await person.page(path)).status]).toEqual([
          username,
          path,
          expect.toBeOneOf([200, 403]),
        ]);
      }
    }
  });

  it('that only tells what happened takes no writing', async () => {
    for (const path of READ_ONLY.filter((one) => tables.map(pathOf).includes(one))) {
      const [row] = (await admin.get(path)).json.rows;
      expect((await admin.post(path, {})).status).toBe(405);
      if (!row) continue;
      expect((await admin.patch(`${path}/${row.id}`, {})).status).toBe(405);
      expect((await admin.remove(`${path}/${row.id}`)).status).toBe(405);
    }
  });

  it('of rooms, campuses and courses is read by all staff', async () => {
    const open = ['/rooms', '/campuses', '/courses'].filter((path) => tables.map(pathOf).includes(path));
    for (const username of ['head', 'consultant1', 'lecturer1', 'tutor1']) {
      const person = await service().signIn(username);
      for (const path of open) expect((await person.get(path)).status).toBe(200);
    }
  });
});
