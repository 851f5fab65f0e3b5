import { personOf } from '../kernel/actor.ts';
import { invalidFields } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import { SOURCES } from './choices.ts';
import { duplicate, findKnown, refuseKnown } from './known-customer.ts';
import { assigned, customerSubject } from './notices.ts';
import { refuse } from './phrases.ts';
import type { EnterCustomer } from './schema.ts';
import { nameOf } from './undo-claim.ts';

/**
 * Who gets a customer entered: the one entering (no turn, no alert), a consultant whose turn it is (an alert; the turn's
 * row is written already), or nobody, and then it is in the pool as `unassigned`.
 */
export type AssignTo = { kind: 'self' } | { kind: 'consultant'; id: number; turnId: string | null } | { kind: 'pool' };

export type Entered = {
  customerId: number;
  name: string;
  /** Null in the pool. */
  assignmentId: number | null;
  consultantId: number | null;
  kept: EnteredKept;
};

/** What taking an entry back needs. */
export type EnteredKept = { customerId: number; version: number };

/**
 * Enters a customer, received and contacted today, and gives it to whom `assignTo` says, all in one statement.
 * @throws Refusal `duplicate` for somebody known (rule 6), `invalid_fields` for courses or students that are not there
 */
export async function enterCustomer(scope: Scope, input: EnterCustomer, assignTo: AssignTo): Promise<Entered> {
  await refuseKnown(scope, input);
  const courses = await readReferences(scope, input);
  const consultantId =
    assignTo.kind === 'self' ? personOf(scope.actor) : assignTo.kind === 'consultant' ? assignTo.id : null;
  const turnId = assignTo.kind === 'consultant' ? assignTo.turnId : null;
  const entered = await insert(scope, input, {
    consultantId,
    turnId,
    origin: assignTo.kind === 'self' ? 'entered' : 'assigned',
  });
  // Somebody entered the same customer at the same moment: now they can be read.
  if (!entered) throw duplicate(scope, await findKnown(scope.tx, [input]));

  const { customerId, assignmentId } = entered;
  if (assignTo.kind === 'consultant' && assignmentId !== null)
    await scope.tell(
      assigned.to(
        assignTo.id,
        {
          customer: input.name,
          course: courses.join('、') || '还没问课程',
          source: SOURCES[input.source],
          at: scope.time.format(scope.now),
          noContactDays: (await readSettings(scope.tx)).noContactDays,
        },
        { once: `assigned:${assignmentId}`, about: customerSubject.of(customerId) },
      ),
    );
  return { customerId, name: input.name, assignmentId, consultantId, kept: { customerId, version: 0 } };
}

/** The names of the courses asked about; refuses what does not exist, which a foreign key would only fail on. */
export async function readReferences(
  { tx }: Pick<Scope, 'tx'>,
  { courseIds, referralId }: { courseIds?: readonly number[] | undefined; referralId?: number | null | undefined },
): Promise<string[]> {
  const courses = courseIds?.length
    ? await tx.course.findMany({
        where: { id: { in: [...courseIds] } },
        select: { name: true },
        orderBy: { id: 'asc' },
      })
    : [];
  if (courses.length < (courseIds?.length ?? 0)) throw invalidFields({ courseIds: '有的课程不存在，重新选一下' });
  if (referralId && (await tx.student.count({ where: { id: referralId } })) === 0)
    throw invalidFields({ referralId: '没有这位学员，重新选一下' });
  return courses.map(({ name }) => name);
}

type Given = { consultantId: number | null; turnId: string | null; origin: 'entered' | 'assigned' };

/** No row back: one of the contacts came into use since we looked. */
async function insert({ tx, now, today, actor }: Scope, input: EnterCustomer, { consultantId, turnId, origin }: Given) {
  const [entered] = await tx.$queryRaw<{ customerId: number; assignmentId: number | null }[]>`
    WITH entered AS (
      INSERT INTO "Customer" (name, qq, phone, wechat, gender, education, "graduationSchool", major, experience,
        "workStatus", company, salary, source, "referralStudentId", status, "consultantId", "enteredOn", "enteredById",
        "receivedOn", "lastContactedOn", "pooledAt", "poolReason", memo, "createdAt", "updatedAt")
      VALUES (${input.name}, ${input.qq ?? null}, ${input.phone ?? null}, ${input.wechat ?? null},
        ${input.gender ?? null}::"Gender", ${input.education ?? null}::"Education", ${input.graduationSchool ?? null},
        ${input.major ?? null}, ${input.experience ?? null}::"Experience", ${input.workStatus}::"WorkStatus",
        ${input.company ?? null}, ${input.salary ?? null}, ${input.source}::"Source", ${input.referralId ?? null}::int,
        'notEnrolled', ${consultantId}::int, ${today}::date, ${actor.id}::int, ${today}::date, ${today}::date,
        ${consultantId === null ? now : null}::timestamptz, ${consultantId === null ? 'unassigned' : null}::"PoolReason",
        ${input.memo ?? null}, ${now}, ${now})
      ON CONFLICT DO NOTHING
      RETURNING id
    ), asked AS (
      INSERT INTO "CustomerCourse" ("customerId", "courseId")
      SELECT entered.id, course FROM entered, unnest(${input.courseIds}::int[]) AS course
    ), following AS (
      INSERT INTO "Assignment" ("customerId", "consultantId", date, state, origin, "turnId", "createdAt", "updatedAt")
      SELECT id, ${consultantId}::int, ${today}::date, 'following', ${origin}::"AssignmentOrigin", ${turnId}, ${now}, ${now}
      FROM entered WHERE ${consultantId}::int IS NOT NULL
      RETURNING id
    )
    SELECT entered.id AS "customerId", following.id AS "assignmentId" FROM entered LEFT JOIN following ON true`;
  return entered;
}

/**
 * Takes an entry back: the customer was never there.
 * @throws Refusal `changed_since` where anything has touched it since
 */
export async function undoEntry({ tx }: Scope, { customerId, version }: EnteredKept): Promise<{ name: string }> {
  const [gone] = await tx.$queryRaw<{ name: string }[]>`
    DELETE FROM "Customer" WHERE id = ${customerId} AND version = ${version}
      AND NOT EXISTS (SELECT 1 FROM "Payment" WHERE "customerId" = ${customerId})
      AND NOT EXISTS (SELECT 1 FROM "Student" WHERE "customerId" = ${customerId})
    RETURNING name`;
  if (!gone) throw refuse.changed_since({ name: await nameOf(tx, customerId) });
  return gone;
}
