import { tellAudit } from '../src/database/in-transaction.ts';
import { DEMO_PASSWORD } from '../src/demo.ts';
import { nextDueTime } from '../src/jobs/due-times.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { systemActor } from '../src/kernel/actor.ts';
import { addDays, dayToDb, type SchoolDay } from '../src/kernel/school-time.ts';
import type { Scope } from '../src/kernel/scope.ts';
import { writeNotices } from '../src/notify/index.ts';
import { bindForDemo } from '../src/people/index.ts';
import { seedSandbox } from '../src/sandbox/index.ts';
import { readSettings } from '../src/settings/index.ts';
import type { Parts } from '../src/wire.ts';
import { seedCustomers } from './seed/customers.ts';
import { seedLearning } from './seed/learning.ts';
import { seedPast } from './seed/past.ts';
import { COURSES, DEPARTMENTS, PEOPLE, RANKS, ROOMS } from './seed/people.ts';
import { seedStudents, seedTeaching } from './seed/teaching.ts';

/** How many days ago the school began, before the first of the customers behind it came. */
const FOUNDED = 440;

/** A scope of the seed's one transaction, as if somebody acted on another day. */
export type At = (daysAgo: number, minute: number, actor?: Actor) => Scope;

/**
 * Loads the demo school into an empty database: people, sixty customers in every state, cohorts with lessons, bookings
 * for today and tomorrow, made through the use cases, day by day as it would have happened; and fourteen months behind
 * them, made by sets. In one transaction: it is there whole or not at all. The notices it causes count as sent.
 */
export async function loadDemoSchool(parts: Parts, { withPhones }: { withPhones: boolean }): Promise<boolean> {
  const { inTransaction, people, assignment } = parts;
  const loaded = await inTransaction(
    systemActor,
    'system',
    async (scope) => {
      if (!(await claimDemo(scope))) return false;
      await seedSchool(scope, people, withPhones ? parts.api.appId : null);
      return true;
    },
    { timeoutMs: 600_000 },
  );
  if (loaded) await inTransaction(systemActor, 'system', async (scope) => assignment.markReset(scope));
  return loaded;
}

/** Only an empty database gets the demo school, and of several nodes starting at once only one loads it. */
async function claimDemo({ tx, now }: Scope): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    INSERT INTO "Setting" (key, value, "updatedAt")
    SELECT 'sandbox.demoSchool', 'true'::jsonb, ${now} WHERE NOT EXISTS (SELECT 1 FROM "Person")
    ON CONFLICT (key) DO NOTHING`;
  return claimed === 1;
}

async function seedSchool(scope: Scope, people: Parts['people'], phonesOf: string | null): Promise<void> {
  const { tx, today } = scope;
  const at = reckonFrom(scope, today);
  await tellAudit(tx, at(FOUNDED, 540));
  await tx.department.createMany({ data: DEPARTMENTS.map(({ code, title }) => ({ code, title })) });
  await tx.campus.createMany({
    data: [
      { name: '北京', address: '海淀区中关村大街 18 号' },
      { name: '上海', address: '徐汇区漕溪北路 28 号' },
    ],
  });
  await tx.course.createMany({ data: COURSES.map((course) => ({ ...course })) });
  await tx.room.createMany({ data: ROOMS.map((room) => ({ ...room })) });

  const departments = new Map((await tx.department.findMany()).map(({ code, id }) => [code, id]));
  const campuses = new Map((await tx.campus.findMany()).map(({ name, id }) => [name, id]));
  const roles = new Map((await tx.role.findMany()).map(({ code, id }) => [code, id]));
  const ids = new Map<string, number>();
  for (const person of PEOPLE) {
    const { id } = await people.addStaff(at(FOUNDED, 540), {
      name: person.name,
      username: person.username,
      email: `${person.username}@school.example`,
      phone: person.phone,
      departmentId: departments.get(person.department) ?? null,
      campusId: campuses.get(person.campus) ?? null,
      onLeaveUntil: null,
      roleIds: person.roles.map((code) => roles.get(code) ?? 0),
      password: DEMO_PASSWORD,
    });
    ids.set(person.username, id);
  }
  await tx.salesRank.createMany({
    data: RANKS.map(({ username, weight, slots }) => ({ consultantId: ids.get(username) ?? 0, weight, slots })),
  });

  await tellAudit(tx, at(50, 600));
  const cohorts = await seedTeaching(scope, { ids });
  const past = await seedPast(scope, { ids, cohorts });
  const students = await seedStudents(scope, { at, ids }, people, past);
  const sinceSweep = reckonFrom(scope, await dayOfLastSweep(scope));
  await seedCustomers(scope, { at: sinceSweep, ids, cohorts, cycles: past.cycles });
  await seedLearning(scope, at);
  await seedBookings(scope, at, ids);
  await tellAudit(tx, at(30, 600));
  if (phonesOf) {
    const owners = [...PEOPLE, ...students].map(({ username, name }) => ({ username, name }));
    const bound = await seedSandbox(tx, owners);
    for (const [username, openid] of bound)
      await bindForDemo(at(30, 600), ids.get(username) ?? 0, { appId: phonesOf, openid });
  }
  await tx.$executeRaw`UPDATE "Notification" SET state = 'sent', "sentAt" = "createdAt"`;
}

/** Scopes of days before one; what would lie ahead of now happens now. */
function reckonFrom(scope: Scope, from: SchoolDay): At {
  return (daysAgo, minute, actor = systemActor) => {
    const today = addDays(from, -daysAgo);
    const then = scope.time.instantOf(today, minute);
    const now = then < scope.now ? then : scope.now;
    return { ...scope, now, today, actor, tell: (...notices) => writeNotices(scope.tx, now, notices) };
  };
}

/**
 * The day before the coming sweep. Customers' lives are reckoned from it, so that somebody drops at that sweep whenever
 * the school is made: between midnight and two in the night it is yesterday.
 */
async function dayOfLastSweep({ tx, today, now, time }: Scope): Promise<SchoolDay> {
  const coming = nextDueTime((await readSettings(tx)).sweepCron, time.zone, now);
  const before = coming ? addDays(time.dayOf(coming), -1) : today;
  return before < today ? before : today;
}

/**
 * Bookings today and tomorrow only, so that the grid is neither empty nor full; whoever booked today has something ahead
 * tomorrow too, at whatever hour the school is made.
 */
async function seedBookings({ tx, today }: Scope, at: At, ids: ReadonlyMap<string, number>): Promise<void> {
  const rooms = await tx.room.findMany({ orderBy: { id: 'asc' } });
  const booked: [string, number, number, number[]][] = [
    ['consultant2', 0, 0, [3, 4]],
    ['head', 1, 0, [8, 9]],
    ['lecturer1', 2, 0, [2, 3, 4]],
    ['consultant5', 2, 0, [12, 13]],
    ['consultant3', 1, 1, [4]],
    ['tutor1', 0, 1, [9, 10]],
    ['consultant2', 2, 1, [6]],
    ['head', 1, 1, [7]],
  ];
  for (const [username, room, day, slots] of booked) {
    const yesterday = at(1, 960, { ...systemActor, id: ids.get(username) ?? null });
    await tellAudit(tx, yesterday);
    await tx.booking.createMany({
      data: slots.map((slot) => ({
        roomId: rooms[room]?.id ?? 0,
        date: dayToDb(addDays(today, day)),
        slot,
        personId: ids.get(username) ?? 0,
        createdAt: yesterday.now,
      })),
    });
  }
}
