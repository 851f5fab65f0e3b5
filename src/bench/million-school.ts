import { seedRoles } from '../access/seed-roles.ts';
import type { Database } from '../database/open.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayToDb, type SchoolDay } from '../kernel/school-time.ts';

export const CUSTOMERS = 1_000_000;
export const DUE = 100_000;
const CONSULTANTS = 300;

/** Who reads the lists and claims; consultants share one department with their head. */
export type MillionSchool = { head: Actor; consultants: readonly Actor[] };

/**
 * Fills an empty, migrated database with a school of a million customers as years would leave them: 600,000 in the
 * pool, 400,000 held by 300 consultants, of whom 100,000 enrolled and 100,000 are due for the sweep of `today`; two
 * million assignments, half a million notes. Wants a superuser: triggers and foreign keys rest while it writes.
 */
export async function buildMillionSchool(
  { prisma, pool }: Pick<Database, 'prisma' | 'pool'>,
  { now, today }: { now: Date; today: SchoolDay },
): Promise<MillionSchool> {
  await prisma.$transaction((tx) => seedRoles(tx));
  const department = await prisma.department.create({ data: { code: 1005, title: '课程顾问' } });
  await prisma.course.createMany({ data: COURSES.map((name) => ({ name })) });
  const people = await prisma.person.createManyAndReturn({
    data: Array.from({ length: CONSULTANTS + 1 }, (_, n) => ({
      name: n === 0 ? '主管' : `顾问${String(n).padStart(3, '0')}`,
      username: n === 0 ? 'head' : `consultant${n}`,
      passwordHash: '',
      openid: `openid-${n}`,
      createdAt: now,
      updatedAt: now,
    })),
    select: { id: true, name: true },
  });
  await prisma.staff.createMany({ data: people.map(({ id }) => ({ personId: id, departmentId: department.id })) });
  const roles = new Map((await prisma.role.findMany({ include: { grants: true } })).map((role) => [role.code, role]));
  const codeOf = (n: number) => (n === 0 ? 'head' : 'consultant');
  await prisma.personRole.createMany({
    data: people.map(({ id }, n) => ({ personId: id, roleId: roles.get(codeOf(n))?.id ?? 0 })),
  });
  const actors = people.map(({ id, name }, n): Actor => {
    const role = roles.get(codeOf(n));
    const grants = (role?.grants ?? []).map(({ permission }) => ({ permission, scope: role?.scope ?? 'own' }));
    return { id, name, roles: [codeOf(n)], grants, departmentId: department.id, campusId: null };
  });
  const [head, ...consultants] = actors as [Actor, ...Actor[]];

  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await writeInBulk(client, { first: consultants[0]?.id ?? 0, now, today });
  } finally {
    // The connection takes its settings with it.
    client.release(true);
  }
  return { head, consultants };
}

const COURSES = ['Python全栈', 'Linux', 'Java后端', '前端', '大数据', '测试', '产品', 'UI设计', '运维', '安全'];

type Client = { query(sql: string, values?: unknown[]): Promise<unknown> };

/** Indexes are taken away while rows come and made again after: a third of the time. */
async function writeInBulk(client: Client, given: { first: number; now: Date; today: SchoolDay }): Promise<void> {
  const { first, now, today } = given;
  const { rows: indexes } = (await client.query(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index WHERE NOT indisprimary AND indrelid IN (${TABLES.map((table) => `'"${table}"'::regclass`).join(', ')})
  `)) as { rows: { name: string; definition: string }[] };
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const values = [first, now, dayToDb(today)];
  await client.query(
    `INSERT INTO "Customer" (id, name, qq, phone, wechat, gender, education, experience, source, status, "consultantId",
       "enteredOn", "receivedOn", "lastContactedOn", "nextContactOn", "pooledAt", "poolReason", "lastConsultantId",
       "createdAt", "updatedAt")
     SELECT i, substr('王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗', 1 + (r % 20)::int, 1)
         || substr('小雨明强伟芳娜敏静丽涛磊洋勇军杰娟艳超霞', 1 + (r / 20 % 20)::int, 1)
         || substr('一二子文佳思雅浩宇晨欣怡梓涵博轩俊凯萱琪', 1 + (r / 400 % 20)::int, 1),
       CASE WHEN i % 10 < 7 THEN (100000000 + unique_number)::text END, CASE WHEN i % 10 >= 4 THEN '1' || (3000000000 + unique_number)::text END,
       CASE WHEN i % 9 = 0 THEN 'wx' || i END,
       (ARRAY['male','female'])[1 + r % 2]::"Gender", (enum_range(NULL::"Education"))[1 + r / 3 % 8],
       (enum_range(NULL::"Experience"))[1 + r / 5 % 7], (enum_range(NULL::"Source"))[1 + r / 11 % 16],
       CASE kind WHEN 'won' THEN 'enrolled' ELSE 'notEnrolled' END::"CustomerStatus",
       CASE WHEN kind <> 'pool' THEN holder END, least(received, $3::date - ((${CUSTOMERS} - i) / 800)::int), received, contacted,
       CASE WHEN kind = 'followed' AND r % 3 = 0 THEN $3::date + (r / 13 % 14)::int END,
       CASE WHEN kind = 'pool' THEN contacted::timestamp + interval '3 days 18 hours' END,
       CASE WHEN kind = 'pool' THEN (enum_range(NULL::"PoolReason"))[1 + r / 17 % 4] END,
       CASE WHEN kind = 'pool' AND r % 10 > 0 OR r % 7 = 0 THEN $1::int + ((r / 7 + 1) % ${CONSULTANTS})::int END, received, $2
     FROM (
       SELECT i, r, unique_number, kind, $1::int + (r / 7 % ${CONSULTANTS})::int AS holder, received,
         CASE kind WHEN 'followed' THEN greatest(received, $3::date - (r / 29 % 4)::int)
           WHEN 'due' THEN $3::date - CASE WHEN r % 4 = 0 THEN r / 29 % 4 ELSE 4 + r / 29 % 20 END::int ELSE received + (r / 29 % 15)::int END AS contacted
       FROM (
         SELECT i, r, unique_number, kind, $3::date - CASE kind WHEN 'followed' THEN r / 23 % 15 WHEN 'due' THEN 24 + r / 23 % 6
           ELSE 40 + r / 23 % 1000 END::int AS received
         FROM (
           SELECT i, i::bigint * 48271 % 2147483647 AS unique_number, abs(hashint4extended(i, 1) % 1000000007) AS r,
             CASE WHEN i % 5 > 1 THEN 'pool' WHEN i / 5 % 4 = 0 THEN 'won' WHEN i / 5 % 4 = 1 THEN 'due' ELSE 'followed' END AS kind
           FROM generate_series(1, ${CUSTOMERS}) i) numbered) received) contacted`,
    values,
  );
  await client.query(
    `INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "endedOn", "createdAt", "updatedAt")
     SELECT c.id, CASE WHEN n = 0 AND c."consultantId" IS NOT NULL THEN c."consultantId" ELSE $1::int + (c.id * 7 + n) % ${CONSULTANTS} END,
       c."receivedOn" - n * 30,
       CASE WHEN n > 0 OR c."consultantId" IS NULL THEN (enum_range(NULL::"AssignmentState"))[2 + (c.id + n) % 3]
         WHEN c.status = 'enrolled' THEN 'won' ELSE 'following' END,
       CASE WHEN n > 0 THEN 'assigned' ELSE 'claimed' END::"AssignmentOrigin",
       CASE WHEN n > 0 OR c."consultantId" IS NULL OR c.status = 'enrolled' THEN c."lastContactedOn" - n * 30 + 4 END,
       c."receivedOn" - n * 30, c."receivedOn" - n * 30
     FROM "Customer" c, generate_series(c.id % 3, 0, -1) n
     ORDER BY c."receivedOn" - n * 30`,
    [first],
  );
  await client.query(
    `INSERT INTO "FollowUp" ("customerId", "consultantId", date, note, "createdAt")
     SELECT id, coalesce("consultantId", "lastConsultantId", $1::int), "lastContactedOn",
       (ARRAY['已加微信，想先看看课程', '约周五试听', '在比较价格，下周再联系', '电话没接，晚上再打'])[1 + id % 4] || ' ' || id, "lastContactedOn"
     FROM "Customer" WHERE id % 2 = 0 ORDER BY "lastContactedOn"`,
    [first],
  );
  await client.query(
    `INSERT INTO "CustomerCourse" ("customerId", "courseId")
     SELECT id, (SELECT min(id) FROM "Course") + (id / 3 + n) % ${COURSES.length}
     FROM "Customer", generate_series(1, id % 10 % 3) n`,
  );
  await client.query(`SELECT setval('"Customer_id_seq"', ${CUSTOMERS})`);
  await client.query(`SET maintenance_work_mem = '512MB'`);
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM (ANALYZE)');
}

const TABLES = ['Customer', 'Assignment', 'FollowUp', 'CustomerCourse'];
