import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayToDb } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { cohortNamed, nameCohort } from './cohort-name.ts';
import { refuse } from './phrases.ts';
import type { LessonEdit, LessonInput } from './schema.ts';
import { cohortsOf } from './visibility.ts';

/**
 * Adds a lesson to a cohort one leads: today where no day is given, by the adder where the cohort is theirs, else by
 * the cohort's first lecturer.
 * @throws Refusal `no_such_cohort`, `not_your_cohort`, `lesson_number_taken`, `not_cohort_lecturer`
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
  if (input.lecturerId !== undefined && !ids.includes(input.lecturerId))
    throw refuse.not_cohort_lecturer({ cohort: name });
  const lecturerId = input.lecturerId ?? ids.find((id) => id === actor.id) ?? ids[0] ?? null;
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Lesson" ("cohortId", number, "lecturerId", date, title, content, "hasHomework", "homeworkTitle",
      "homeworkText", "gradingPoints")
    VALUES (${cohortId}, ${number}, ${lecturerId}::int, ${date}::date, ${title}, ${content}, ${hasHomework},
      ${homeworkTitle}, ${homeworkText}, ${gradingPoints})
    ON CONFLICT ("cohortId", number) DO NOTHING RETURNING id`;
  if (!made) throw refuse.lesson_number_taken({ cohort: name, number });
  return made;
}

/** Changes a lesson; it stays in its cohort. @throws Refusal `lesson_number_taken`, `not_cohort_lecturer`, `not_found` */
export async function editLesson({ tx }: Scope, id: number, change: LessonEdit): Promise<void> {
  const before = await tx.lesson.findUnique({ where: { id }, select: { cohortId: true, lecturerId: true } });
  const cohort = before && (await readCohort(tx, before.cohortId));
  if (!before || !cohort) throw refuseAnybody.not_found({ what: '节课' });
  const { date, lecturerId, cohortId, ...lesson } = change;
  if (cohortId !== undefined && cohortId !== before.cohortId)
    throw invalidFields({ cohortId: '课不能换班级，到那个班加一节' });
  const name = nameCohort(cohort);
  const isNew = lecturerId !== undefined && lecturerId !== before.lecturerId;
  if (isNew && !cohort.lecturers.some(({ personId }) => personId === lecturerId))
    throw refuse.not_cohort_lecturer({ cohort: name });
  const { number } = lesson;
  const taken = { cohortId: before.cohortId, number, id: { not: id } };
  if (number !== undefined && (await tx.lesson.count({ where: taken })) > 0)
    throw refuse.lesson_number_taken({ cohort: name, number });
  await tx.lesson.update({
    where: { id },
    data: { ...lesson, lecturerId, date: date === undefined ? undefined : dayToDb(date), version: { increment: 1 } },
  });
}

/** Deletes a lesson entered by mistake: nobody was marked, graded or handed anything in. @throws Refusal `lesson_in_use` */
export async function removeLesson({ tx }: Scope, id: number): Promise<void> {
  const count = await tx.studyRecord.count({ where: { lessonId: id, version: { gt: 0 } } });
  if (count > 0) throw refuse.lesson_in_use({ count });
  await tx.lesson.deleteMany({ where: { id } });
}

function readCohort(tx: Tx, id: number) {
  return tx.cohort.findUnique({
    where: { id },
    select: { ...cohortNamed.select, lecturers: { select: { personId: true }, orderBy: { id: 'asc' } } },
  });
}
