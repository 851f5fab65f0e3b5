import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb, dayToDb } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { withdrawNotices } from '../notify/index.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { demandLecturers } from './lecturers.ts';
import { passOnReminders } from './lessons-ahead.ts';
import { lessonSubject, lessonToday } from './notices.ts';
import { refuse } from './phrases.ts';
import type { LessonEdit, LessonInput } from './schema.ts';
import { cohortsOf, voidableCohorts } from './visibility.ts';

/**
 * Adds a lesson to a cohort one leads: today where no day is given, by the adder where the cohort is theirs, else by
 * the cohort's first lecturer. A substitute need not be one of the cohort's.
 * @throws Refusal `no_such_cohort`, `not_your_cohort`, `lesson_number_taken`, `no_such_lecturer`
 */
export async function addLesson(scope: Scope, input: LessonInput): Promise<{ id: number }> {
  const { tx, actor, today } = scope;
  const { cohortId, number, date = today, title = null, content = null, hasHomework = true } = input;
  const { homeworkTitle = null, homeworkText = null, gradingPoints = null } = input;
  const cohort = await readCohort(tx, cohortId);
  if (!cohort) throw refuse.no_such_cohort();
  const name = nameCohort(cohort);
  const led = await tx.cohort.count({ where: { AND: [{ id: cohortId }, cohortsOf(actor, 'lessons.add')] } });
  if (led === 0) throw refuse.not_your_cohort({ cohort: name, what: '加课' });
  const ids = cohort.lecturers.map(({ personId }) => personId);
  if (input.lecturerId !== undefined) await demandLecturers(tx, [input.lecturerId], ids);
  const lecturerId = input.lecturerId ?? ids.find((id) => id === actor.id) ?? ids[0] ?? null;
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Lesson" ("cohortId", number, "lecturerId", date, title, content, "hasHomework", "homeworkTitle",
      "homeworkText", "gradingPoints")
    VALUES (${cohortId}, ${number}, ${lecturerId}::int, ${date}::date, ${title}, ${content}, ${hasHomework},
      ${homeworkTitle}, ${homeworkText}, ${gradingPoints})
    ON CONFLICT ("cohortId", number) WHERE "voidedAt" IS NULL DO NOTHING RETURNING id`;
  if (!made) throw refuse.lesson_number_taken({ cohort: name, number });
  await passOnReminders(scope, [made.id]);
  return made;
}

/**
 * Changes a lesson; it stays in its cohort, and one that was taught stays behind us. A new lecturer gets the reminder.
 * @throws Refusal `lesson_number_taken`, `no_such_lecturer`, `lesson_void`, `lesson_moved`, `not_found`
 */
export async function editLesson(scope: Scope, id: number, change: LessonEdit): Promise<void> {
  const { tx, today } = scope;
  const before = await lockLesson(tx, id);
  const cohort = before && (await readCohort(tx, before.cohortId));
  if (!before || !cohort) throw refuseAnybody.not_found({ what: '节课' });
  refuseVoid(before);
  const { date, lecturerId, cohortId, ...lesson } = change;
  if (cohortId !== undefined && cohortId !== before.cohortId)
    throw invalidFields({ cohortId: '课不能换班级，到那个班加一节' });
  if (date !== undefined && date > today && (await wasTaught(tx, id)).taught)
    throw refuse.lesson_moved({ number: before.number });
  if (lecturerId !== undefined && lecturerId !== before.lecturerId)
    await demandLecturers(
      tx,
      [lecturerId],
      cohort.lecturers.map(({ personId }) => personId),
    );
  const { number } = lesson;
  const taken = { cohortId: before.cohortId, number, voidedAt: null, id: { not: id } };
  if (number !== undefined && (await tx.lesson.count({ where: taken })) > 0)
    throw refuse.lesson_number_taken({ cohort: nameCohort(cohort), number });
  await tx.lesson.update({
    where: { id },
    data: { ...lesson, lecturerId, date: date === undefined ? undefined : dayToDb(date), version: { increment: 1 } },
  });
  if (lecturerId !== undefined || date !== undefined) await passOnReminders(scope, [id]);
}

/**
 * Deletes a lesson entered by mistake. One whose roll was opened, or that somebody scanned in to, was taught: it can only
 * be made void.
 * @throws Refusal `lesson_taught`, `lesson_in_use`
 */
export async function removeLesson({ tx }: Scope, id: number): Promise<void> {
  // Locked first: a scan or a mark of this very moment has come before the look, or finds no lesson after it.
  const lesson = await lockLesson(tx, id);
  if (!lesson) return;
  const { taught, count } = await wasTaught(tx, id);
  if (taught || lesson.openedAt !== null || lesson.voidedAt !== null)
    throw refuse.lesson_taught({ number: lesson.number, count });
  if (count > 0) throw refuse.lesson_in_use({ count });
  await tx.lesson.delete({ where: { id } });
}

/**
 * 作废: a lesson that should not count is kept with all its records, gives its number back and counts in nothing. Only
 * the cohort's tutor, and who sees beyond their own cohorts.
 * @throws Refusal `only_tutor_voids`, `lesson_void`, `not_found`
 */
export async function voidLesson(scope: Scope, { lessonId, reason }: { lessonId: number; reason: string }) {
  const { tx, actor, now } = scope;
  const lesson = await lockLesson(tx, lessonId);
  const cohort =
    lesson &&
    (await tx.cohort.findFirst({
      where: { id: lesson.cohortId },
      select: { ...cohortNamed.select, tutorId: true, tutor: { select: { name: true } } },
    }));
  if (!lesson || !cohort) throw refuseAnybody.not_found({ what: '节课' });
  if ((await tx.cohort.count({ where: { AND: [{ id: cohort.id }, voidableCohorts(actor)] } })) === 0)
    throw refuse.only_tutor_voids({ cohort: nameCohort(cohort), tutor: cohort.tutor?.name ?? null });
  refuseVoid(lesson);
  await tx.lesson.update({
    where: { id: lessonId },
    data: { voidedAt: now, voidReason: reason, checkInSecret: null, version: { increment: 1 } },
  });
  await withdrawNotices(tx, lessonToday, lessonSubject.of(lessonId));
  return { id: lessonId, number: lesson.number, cohort: nameCohort(cohort) };
}

type Locked = {
  cohortId: number;
  number: number;
  date: Date;
  lecturerId: number | null;
  openedAt: Date | null;
  voidedAt: Date | null;
  voidReason: string | null;
};

async function lockLesson(tx: Tx, id: number): Promise<Locked | null> {
  const [lesson] = await tx.$queryRaw<Locked[]>`
    SELECT "cohortId", number, date, "lecturerId", "openedAt", "voidedAt", "voidReason"
    FROM "Lesson" WHERE id = ${id} FOR UPDATE`;
  return lesson ?? null;
}

/** Whether anybody was marked, graded or scanned in a lesson, and how many records of that there are. */
async function wasTaught(tx: Tx, id: number): Promise<{ taught: boolean; count: number }> {
  const [found] = await tx.$queryRaw<{ taught: boolean; count: number }[]>`
    SELECT l."calledAt" IS NOT NULL OR EXISTS (SELECT 1 FROM "CheckIn" c WHERE c."lessonId" = l.id)
        OR EXISTS (SELECT 1 FROM "StudyRecord" r WHERE r."lessonId" = l.id AND r."gradedAt" IS NOT NULL) AS taught,
      (SELECT count(*) FROM "StudyRecord" r WHERE r."lessonId" = l.id)::int AS count
    FROM "Lesson" l WHERE l.id = ${id}`;
  return found ?? { taught: false, count: 0 };
}

function refuseVoid({ number, date, voidReason }: Locked): void {
  if (voidReason !== null) throw refuse.lesson_void({ number, date: dayFromDb(date), reason: voidReason });
}

function readCohort(tx: Tx, id: number) {
  return tx.cohort.findUnique({
    where: { id },
    select: { ...cohortNamed.select, lecturers: { select: { personId: true }, orderBy: { id: 'asc' } } },
  });
}
