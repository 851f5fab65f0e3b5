import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { demandLecturers } from './lecturers.ts';
import { refuse } from './phrases.ts';
import type { CourseEdit, CourseInput } from './schema.ts';

/** Adds a course with its lecturers. @throws Refusal `name_taken`, `no_such_lecturer` */
export async function addCourse({ tx }: Scope, input: CourseInput): Promise<{ id: number }> {
  const { name, outline = null, weeks = null, listPrice = null, lecturerIds = [], active = true } = input;
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Course" (name, outline, weeks, "listPrice", active)
    VALUES (${name}, ${outline}, ${weeks}::int, ${listPrice}::numeric, ${active})
    ON CONFLICT (name) DO NOTHING RETURNING id`;
  if (!made) throw refuse.name_taken({ what: '课程', name });
  await setLecturers(tx, made.id, lecturerIds);
  return made;
}

/** Changes a course. @throws Refusal `name_taken`, `no_such_lecturer`, `not_found` */
export async function editCourse({ tx }: Scope, id: number, change: CourseEdit): Promise<void> {
  const { lecturerIds, ...course } = change;
  const { name } = course;
  if (name !== undefined && (await tx.course.count({ where: { name, id: { not: id } } })) > 0)
    throw refuse.name_taken({ what: '课程', name });
  const { count } = await tx.course.updateMany({ where: { id }, data: course });
  if (count === 0) throw refuseAnybody.not_found({ what: '门课程' });
  if (lecturerIds) await setLecturers(tx, id, lecturerIds);
}

/** Deletes a course nobody ever asked about or learned. @throws Refusal `course_in_use` */
export async function removeCourse({ tx }: Scope, id: number): Promise<void> {
  const used =
    (await tx.cohort.count({ where: { courseId: id } })) + (await tx.customerCourse.count({ where: { courseId: id } }));
  if (used > 0) throw refuse.course_in_use();
  await tx.course.deleteMany({ where: { id } });
}

async function setLecturers(tx: Tx, courseId: number, personIds: readonly number[]): Promise<void> {
  const before = await tx.courseLecturer.findMany({ where: { courseId }, select: { personId: true } });
  await demandLecturers(
    tx,
    personIds,
    before.map(({ personId }) => personId),
  );
  await tx.courseLecturer.deleteMany({ where: { courseId, personId: { notIn: [...personIds] } } });
  await tx.courseLecturer.createMany({
    data: personIds.map((personId) => ({ courseId, personId })),
    skipDuplicates: true,
  });
}
