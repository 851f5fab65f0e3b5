import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayFromDb, dayToDb } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { nameCohort } from './cohort-name.ts';
import { demandLecturers } from './lecturers.ts';
import { moveLessonsAhead } from './lessons-ahead.ts';
import { refuse } from './phrases.ts';
import type { CohortEdit, CohortInput } from './schema.ts';

const toDb = (day: string | null | undefined) => (day === undefined ? undefined : day === null ? null : dayToDb(day));

/** Opens a cohort of a course. @throws Refusal `cohort_known`, `no_such_lecturer`, `invalid_fields` */
export async function addCohort(scope: Scope, input: CohortInput): Promise<{ id: number }> {
  const { tx } = scope;
  const { campusId, courseId, term, price = null, startsOn = null, graduatesOn = null, memo = null } = input;
  const { tutorId = null, lecturerIds = [] } = input;
  refuseBackwards(startsOn, graduatesOn);
  const course = await demandParents(tx, { campusId, courseId });
  if (tutorId !== null) await demandLecturers(tx, [tutorId]);
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Cohort" ("campusId", "courseId", term, price, "startsOn", "graduatesOn", "tutorId", memo)
    VALUES (${campusId}, ${courseId}, ${term}, ${price}::numeric, ${startsOn}::date, ${graduatesOn}::date,
      ${tutorId}::int, ${memo})
    ON CONFLICT ("campusId", "courseId", term) DO NOTHING RETURNING id`;
  if (!made) throw refuse.cohort_known({ name: nameCohort({ term, course: { name: course ?? '' } }) });
  await setLecturers(tx, made.id, lecturerIds);
  return made;
}

/**
 * Changes a cohort. Where lecturers are replaced, their lessons ahead go to who came in their place, or stay theirs
 * (`lessonsAhead: keep`); returns how many moved.
 * @throws Refusal `cohort_known`, `no_such_lecturer`, `not_found`, `invalid_fields`
 */
export async function editCohort(scope: Scope, id: number, change: CohortEdit): Promise<{ lessonsMoved: number }> {
  const { tx } = scope;
  const { lecturerIds, lessonsAhead = 'move', startsOn, graduatesOn, ...cohort } = change;
  const before = await tx.cohort.findUnique({ where: { id }, include: { course: { select: { name: true } } } });
  if (!before) throw refuseAnybody.not_found({ what: '个班级' });
  const [from, to] = [
    before.startsOn && dayFromDb(before.startsOn),
    before.graduatesOn && dayFromDb(before.graduatesOn),
  ];
  refuseBackwards(startsOn === undefined ? from : startsOn, graduatesOn === undefined ? to : graduatesOn);
  await demandParents(tx, cohort);
  if (cohort.tutorId != null && cohort.tutorId !== before.tutorId) await demandLecturers(tx, [cohort.tutorId]);
  const { campusId = before.campusId, courseId = before.courseId, term = before.term } = cohort;
  if ((await tx.cohort.count({ where: { campusId, courseId, term, id: { not: id } } })) > 0)
    throw refuse.cohort_known({ name: nameCohort({ term, course: before.course }) });
  await tx.cohort.update({
    where: { id },
    data: { ...cohort, startsOn: toDb(startsOn), graduatesOn: toDb(graduatesOn) },
  });
  if (!lecturerIds) return { lessonsMoved: 0 };
  const { gone, came } = await setLecturers(tx, id, lecturerIds);
  if (lessonsAhead === 'keep' || gone.length === 0) return { lessonsMoved: 0 };
  const heir = came[0] ?? lecturerIds[0] ?? null;
  return { lessonsMoved: await moveLessonsAhead(scope, { cohortId: id, from: gone, to: heir }) };
}

/** Deletes a cohort nothing hangs on yet. @throws Refusal `cohort_in_use` */
export async function removeCohort({ tx }: Scope, id: number): Promise<void> {
  const used =
    (await tx.cohortStudent.count({ where: { cohortId: id } })) +
    (await tx.lesson.count({ where: { cohortId: id } })) +
    (await tx.payment.count({ where: { cohortId: id } }));
  if (used > 0) throw refuse.cohort_in_use();
  await tx.cohort.deleteMany({ where: { id } });
}

function refuseBackwards(startsOn: string | null, graduatesOn: string | null): void {
  if (startsOn && graduatesOn && graduatesOn < startsOn)
    throw invalidFields({ graduatesOn: '结业日期要在开班日期之后' });
}

/** Whether campus and course are there; returns the course's name. */
async function demandParents(tx: Tx, { campusId, courseId }: { campusId?: number; courseId?: number }) {
  const campus = campusId === undefined ? null : await tx.campus.findUnique({ where: { id: campusId } });
  const course = courseId === undefined ? null : await tx.course.findUnique({ where: { id: courseId } });
  if (campusId !== undefined && !campus) throw invalidFields({ campusId: '没有这个校区，重新选一下' });
  if (courseId !== undefined && !course) throw invalidFields({ courseId: '没有这门课，重新选一下' });
  return course?.name ?? null;
}

/** Who leads a cohort from now on; returns who does no longer, and who came in their place. */
async function setLecturers(tx: Tx, cohortId: number, personIds: readonly number[]) {
  const before = (await tx.cohortLecturer.findMany({ where: { cohortId }, select: { personId: true } })).map(
    ({ personId }) => personId,
  );
  await demandLecturers(tx, personIds, before);
  await tx.cohortLecturer.deleteMany({ where: { cohortId, personId: { notIn: [...personIds] } } });
  await tx.cohortLecturer.createMany({
    data: personIds.map((personId) => ({ cohortId, personId })),
    skipDuplicates: true,
  });
  return { gone: before.filter((id) => !personIds.includes(id)), came: personIds.filter((id) => !before.includes(id)) };
}
