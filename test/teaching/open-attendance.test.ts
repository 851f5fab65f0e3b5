import { describe, expect, it } from 'vitest';
import { dayToDb } from '../../src/kernel/school-time.ts';
import { openAttendance } from '../../src/teaching/open-attendance.ts';
import { refusalOf, useTeaching } from './teaching-school.ts';

const school = useTeaching();

describe('openAttendance', () => {
  it('when opened again, adds only those who came later', async () => {
    const { lecturer, cohort, lesson } = await school.classOf('科比', '王五');
    const open = () => lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    expect(await open()).toEqual({ created: 2 });
    expect(await open()).toEqual({ created: 0 });
    await school.student('郭小靖', cohort.id, '2026-11-10');
    expect(await open()).toEqual({ created: 1 });
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present', 王五: 'present', 郭小靖: 'present' });
  });

  it('gives a student records from the day of joining to the last day', async () => {
    const zhang = await school.lecturer('张伟');
    const cohort = await school.cohort({ lecturers: [zhang] });
    const { studentId } = await school.student('科比', cohort.id, '2026-11-14');
    await school.prisma().cohortStudent.updateMany({ where: { studentId }, data: { leftOn: dayToDb('2026-11-21') } });
    const days = ['2026-11-13', '2026-11-14', '2026-11-21', '2026-11-22'];
    const lessons = await Promise.all(days.map((day, index) => school.lesson(cohort.id, index + 1, day)));
    const lessonIds = lessons.map(({ id }) => id);
    expect(await zhang.does((scope) => openAttendance(scope, { lessonIds }))).toEqual({ created: 2 });
    const records = await school.prisma().studyRecord.findMany({ where: { studentId }, include: { lesson: true } });
    expect(records.map(({ lesson }) => lesson.number).sort()).toEqual([2, 3]);
  });

  it('for forty lessons at once makes one record for each lesson and student, and keeps their time of opening', async () => {
    const zhang = await school.lecturer('张伟');
    const cohort = await school.cohort({ lecturers: [zhang] });
    for (let n = 1; n <= 5; n += 1) await school.student(`学员${n}`, cohort.id);
    const lessons = await Promise.all(Array.from({ length: 40 }, (_, index) => school.lesson(cohort.id, index + 1)));
    const lessonIds = lessons.map(({ id }) => id);
    expect(await zhang.does((scope) => openAttendance(scope, { lessonIds }))).toEqual({ created: 200 });
    const unopened = await school.prisma().lesson.count({ where: { cohortId: cohort.id, openedAt: null } });
    expect(unopened).toBe(0);
  });

  it('when one of several lessons is another lecturer’s, opens none', async () => {
    const { lecturer, lesson } = await school.classOf('科比');
    const other = await school.classOf('王五');
    const lessonIds = [lesson.id, other.lesson.id];
    const refusal = await refusalOf(lecturer.does((scope) => openAttendance(scope, { lessonIds })));
    expect(refusal.code).toBe('not_your_cohort');
    expect(refusal.message).toContain(other.name);
    expect(await school.attendanceOf(lesson.id)).toEqual({});
  });

  it('is offered to programs and to the table of lessons, singly and in bulk', async () => {
    const { lecturer, lesson, cohort } = await school.classOf('科比');
    const next = await school.lesson(cohort.id, 4);
    const visitor = await lecturer.visits();
    const one = await visitor.json('POST', `/lessons/${lesson.id}/attendance/open`);
    expect(one).toEqual({ status: 200, body: { created: 1 } });
    const many = await visitor.json('POST', '/lessons/actions/open-attendance', { ids: [lesson.id, next.id] });
    expect(many.status).toBe(200);
    expect(many.body.created).toBe(1);
  });
});
