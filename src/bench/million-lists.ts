import { customersTable, enterWithoutRota, poolTable } from '../customers/tables/customers.ts';
import type { Database } from '../database/open.ts';
import type { Actor } from '../kernel/actor.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Table } from '../web/define-table.ts';
import { readListQuery } from '../web/table/list-query.ts';
import { presentRow } from '../web/table/present.ts';
import { readList } from '../web/table/read.ts';
import { type Figure, summarize } from './benchmark.ts';
import type { MillionSchool } from './million-school.ts';

const ROUNDS = 12;
const SIZE = 50;

/** What a page's address asks for, and the same as a condition and an order typed by hand. */
type Asked = { query: string; where: string; order?: string; pages: readonly number[] };

const ASKED: readonly Asked[] = [
  { query: '', where: 'true', pages: [1, 100, 1000] },
  { query: 'q=小雨文', where: `c.name LIKE '%小雨文%'`, pages: [1] },
  { query: 'q=王小', where: `c.name LIKE '%王小%'`, pages: [1, 20] },
  {
    query: 'source=baidu&education=juniorCollege',
    where: `c.source = 'baidu' AND c.education = 'juniorCollege'`,
    pages: [1, 50],
  },
  {
    query: 'q=小雨&source=baidu&education=juniorCollege',
    where: `c.name LIKE '%小雨%' AND c.source = 'baidu' AND c.education = 'juniorCollege'`,
    pages: [1],
  },
  { query: 'sort=lastContactedOn', where: 'true', order: 'c."lastContactedOn", c.id', pages: [1, 100] },
];

/**
 * Pages of the pool and of the customers as the list engine reads them (rows, their relations, the count), against two
 * statements typed by hand that fetch the same; taken in turns.
 * @throws Error where both do not find the same rows
 */
export async function measureLists(
  database: Pick<Database, 'prisma' | 'pool'>,
  { head, consultants: [consultant] }: MillionSchool,
  reading: { now: Date; today: string; time: SchoolTime },
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const customers = customersTable({ enter: enterWithoutRota });
  const readers = [
    { who: 'head', actor: head },
    { who: 'consultant', actor: consultant as Actor },
  ];
  for (const table of [poolTable, customers])
    for (const { who, actor } of readers)
      for (const { pages, ...asked } of ASKED)
        for (const page of pages) {
          const what = `/${table.id} ${asked.query || 'plain'}, page ${page}, ${who}`;
          figures.push(...(await measurePage(database, { table, actor, page, what, ...asked }, reading)));
        }
  return figures;
}

async function measurePage(
  { prisma, pool }: Pick<Database, 'prisma' | 'pool'>,
  asked: Omit<Asked, 'pages'> & { table: Table; actor: Actor; page: number; what: string },
  { now, today, time }: { now: Date; today: string; time: SchoolTime },
): Promise<Figure[]> {
  const { table, actor, page, what } = asked;
  const reader = { actor, now, today };
  const query = readListQuery(table, `${asked.query}&page=${page}`);
  const engine = async () => {
    const list = await readList(table, prisma, query, { reader, time, permission: 'customers.list' });
    return list.rows.map((row) => presentRow(table, row, reader, time).id);
  };
  const where = `${visibleByHand(table, actor)} AND ${asked.where}`;
  const order = asked.order ?? (table === poolTable ? 'c."pooledAt" DESC, c.id DESC' : 'c.id DESC');
  const byHand = async () => {
    const { rows } = await pool.query<{ id: number }>(pageByHand(where, order, (page - 1) * SIZE));
    if (rows.length === SIZE)
      await pool.query(`SELECT count(*) FROM (SELECT 1 FROM "Customer" c WHERE ${where} LIMIT 10001) counted`);
    return rows.map(({ id }) => id);
  };
  const [ours, theirs] = [await engine(), await byHand()];
  if (ours.join() !== theirs.join()) throw new Error(`${what}: the statement by hand finds other rows`);

  const times = { engine: [] as number[], hand: [] as number[] };
  const cpu = { engine: { user: 0, system: 0 }, hand: { user: 0, system: 0 } };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, work] of [
      ['hand', byHand],
      ['engine', engine],
    ] as const) {
      const [began, used] = [performance.now(), process.cpuUsage()];
      await work();
      times[name].push(performance.now() - began);
      const { user, system } = process.cpuUsage(used);
      cpu[name] = { user: cpu[name].user + user, system: cpu[name].system + system };
    }
  const measured = (name: 'engine' | 'hand') => {
    const quiet = [...times[name]].sort((a, b) => a - b).slice(0, ROUNDS / 2);
    return summarize(quiet, quiet.reduce((sum, ms) => sum + ms, 0) / 1000, {
      user: cpu[name].user / 2,
      system: cpu[name].system / 2,
    });
  };
  const comparedTo = { what: 'it by hand', ...measured('hand') };
  return [{ what, ...measured('engine'), comparedTo }];
}

function visibleByHand({ id }: Table, actor: Actor): string {
  if (id === 'pool') return 'c."consultantId" IS NULL';
  const held =
    actor.roles[0] === 'head'
      ? `c."consultantId" IN (SELECT "personId" FROM "Staff" WHERE "departmentId" = ${actor.departmentId})`
      : `c."consultantId" = ${actor.id}`;
  return `(c."consultantId" IS NULL OR ${held})`;
}

/** The page's rows first, then what belongs to them. */
function pageByHand(where: string, order: string, skip: number): string {
  return `SELECT c.*, h.name AS holder, l.name AS "lastHolder", e.name AS "enteredBy", p.name AS referral,
      (SELECT json_agg(json_build_object('id', k.id, 'name', k.name) ORDER BY a.id)
        FROM "CustomerCourse" a JOIN "Course" k ON k.id = a."courseId" WHERE a."customerId" = c.id) AS courses
    FROM (SELECT * FROM "Customer" c WHERE ${where} ORDER BY ${order} LIMIT ${SIZE} OFFSET ${skip}) c
    LEFT JOIN "Person" h ON h.id = c."consultantId"
    LEFT JOIN "Person" l ON l.id = c."lastConsultantId"
    LEFT JOIN "Person" e ON e.id = c."enteredById"
    LEFT JOIN "Student" s ON s.id = c."referralStudentId" LEFT JOIN "Person" p ON p.id = s."personId"
    ORDER BY ${order}`;
}
