import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { addDays, dayToDb } from '../../src/kernel/school-time.ts';
import { createTeachingFigures } from '../../src/teaching/figures.ts';
import { announceLessons, remindOfRollCalls } from '../../src/teaching/jobs.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { openAttendance } from '../../src/teaching/open-attendance.ts';
import { NOW, type Somebody, TODAY, useTeaching } from './teaching-school.ts';

const school = useTeaching();
beforeEach(() => school.clock.moveTo(NOW));

const runs = (job: typeof announceLessons, dueAt: string) => {
  school.clock.moveTo(dueAt);
  return school.inTransaction(systemActor, 'job', (scope) =>
    job.run(scope, { limit: job.batch ?? 1, dueAt: new Date(dueAt) }),
  );
};
const MORNING = '2026-11-21T00:00:00Z';
const EVENING = '2026-11-21T12:30:00Z';
const toldOf = async (kind: string, lessonId: number) =>
  (await school.notices(kind)).filter(({ entityId }) => entityId === lessonId).map(({ personId }) => personId);
const ids = (...people: Somebody[]) => people.map(({ id }) => id);

describe('a replaced lecturer', () => {
  async function replaced(more: object = {}) {
    const { lecturer, tutor, cohort, lesson, name } = await school.classOf('科比');
    const wu = await school.lecturer('吴静');
    const past = await school.lesson(cohort.id, 2, '2026-11-14', { lecturerId: lecturer.id });
    const next = await school.lesson(cohort.id, 4, '2026-11-28', { lecturerId: lecturer.id });
    const admin = await (await school.admin()).visits();
    const answer = await admin.json('PATCH', `/cohorts/${cohort.id}`, { lecturerIds: [wu.id], ...more });
    const givers = async () => {
      const lessons = await school.prisma().lesson.findMany({
        where: { id: { in: [past.id, lesson.id, next.id] } },
        orderBy: { number: 'asc' },
      });
      return lessons.map(({ lecturerId }) => lecturerId);
    };
    return { lecturer, tutor, wu, cohort, lesson, next, name, admin, answer, givers };
  }

  it('hands the lessons to come over, not those that were given', async () => {
    const { lecturer, wu, answer, givers } = await replaced();
    expect(answer.body).toMatchObject({ lessonsMoved: 2, row: { lecturers: [{ id: wu.id }] } });
    expect(await givers()).toEqual(ids(lecturer, wu, wu));
  });

  it('keeps them where that is said, and may still mark them', async () => {
    const { lecturer, lesson, answer, givers } = await replaced({ lessonsAhead: 'keep' });
    expect(answer.body.lessonsMoved).toBe(0);
    expect(await givers()).toEqual(ids(lecturer, lecturer, lecturer));
    const visitor = await lecturer.visits();
    expect((await visitor.json('POST', `/lessons/${lesson.id}/attendance`, { marks: [] })).status).toBe(200);
  });

  it('is asked about on the page', async () => {
    const { cohort, admin } = await replaced();
    const form = await (await admin.fetch(`/cohorts/${cohort.id}/edit`)).text();
    expect(form).toContain('换了讲师，以后的课');
    expect(await (await admin.fetch('/cohorts/new')).text()).not.toContain('换了讲师，以后的课');
  });

  it('gets no 上课提醒 in the morning; the new one gets it, with a link that opens', async () => {
    const { lecturer, tutor, wu, lesson } = await replaced();
    await school.prisma().notification.deleteMany();
    await runs(announceLessons, MORNING);
    expect((await toldOf('lessonToday', lesson.id)).sort()).toEqual(ids(wu, tutor).sort());
    expect((await (await wu.visits()).fetch(`/lessons/${lesson.id}/attendance`)).status).toBe(200);
    const old = await (await lecturer.visits()).json('GET', `/lessons/${lesson.id}/attendance`);
    expect(old.status).toBe(403);
    expect(old.body.error.message).toContain('第 3 节现在由吴静上');
  });

  it('loses a reminder that was not sent yet, and the new one hears of today’s lesson at once', async () => {
    const { lecturer, tutor, cohort, lesson } = await school.classOf('科比');
    await runs(announceLessons, MORNING);
    school.clock.moveTo(NOW);
    const wu = await school.lecturer('吴静');
    const admin = await (await school.admin()).visits();
    await admin.json('PATCH', `/cohorts/${cohort.id}`, { lecturerIds: [wu.id] });
    expect((await toldOf('lessonToday', lesson.id)).sort()).toEqual(ids(tutor, wu).sort());
    // A substitute for one lesson, from outside the cohort.
    const sun = await school.lecturer('孙悦');
    expect((await admin.json('PATCH', `/lessons/${lesson.id}`, { lecturerId: sun.id })).status).toBe(200);
    expect((await toldOf('lessonToday', lesson.id)).sort()).toEqual(ids(tutor, sun).sort());
    expect(lecturer.id).toBeGreaterThan(0);
  });
});

describe('a substitute from outside the cohort', () => {
  it('finds, opens, marks and grades the lesson they give, by page and chat, and no other', async () => {
    const { cohort, lesson, students } = await school.classOf('科比');
    const sun = await school.lecturer('孙悦');
    await school.prisma().lesson.update({ where: { id: lesson.id }, data: { lecturerId: sun.id } });
    const other = await school.lesson(cohort.id, 2, '2026-11-20');
    const visitor = await sun.visits();
    expect((await visitor.json('GET', '/lessons')).body.rows).toMatchObject([{ id: lesson.id }]);
    expect(await sun.says('点名')).toContain('1科比');
    expect(await sun.says('迟到 科比')).toContain('科比 迟到');
    const scores = [{ studentId: students[0].studentId, score: 90 }];
    expect((await visitor.json('POST', `/lessons/${lesson.id}/scores`, { scores })).status).toBe(200);
    expect((await visitor.json('GET', '/study-records')).body.rows).toHaveLength(1);
    expect((await visitor.json('POST', `/lessons/${other.id}/attendance`, { marks: [] })).status).toBe(403);
    expect((await visitor.json('POST', `/lessons/${other.id}/attendance/open`)).status).toBe(403);
  });
});

describe('a lecturer who will not be there', () => {
  it('deactivated or on leave, is shown with the lessons ahead to the tutor', async () => {
    const { lecturer, tutor, cohort, lesson } = await school.classOf('科比');
    const later = await school.lesson(cohort.id, 4, '2026-11-28', { lecturerId: lecturer.id });
    await school.lesson(cohort.id, 2, '2026-11-14', { lecturerId: lecturer.id });
    const figures = async () => {
      const read = createTeachingFigures({ prisma: school.prisma() });
      const reader = { actor: tutor.actor, now: school.clock.now(), today: TODAY };
      return (await read({ reader })).find(({ title }) => title === '讲师不在的课');
    };
    expect(await figures()).toBeUndefined();
    await school.prisma().staff.update({
      where: { personId: lecturer.id },
      data: { onLeaveUntil: dayToDb(addDays(TODAY, 2)) },
    });
    const visitor = await tutor.visits();
    const shown = await figures();
    const { rows } = (await visitor.json('GET', shown?.path ?? '')).body;
    expect(rows.map(({ id, lecturerAway }: { id: number; lecturerAway: boolean }) => [id, lecturerAway])).toEqual([
      [lesson.id, true],
      [later.id, false],
    ]);
    await school.prisma().person.update({ where: { id: lecturer.id }, data: { active: false } });
    expect(await figures()).toMatchObject({ value: 2 });
  });

  it('停用 and 请假 show the lessons that need somebody else first, on the very form', async () => {
    const { lecturer, cohort, name } = await school.classOf('科比');
    await school.prisma().lesson.updateMany({ where: { cohortId: cohort.id }, data: { lecturerId: lecturer.id } });
    await school.lesson(cohort.id, 2, '2026-11-14', { lecturerId: lecturer.id });
    await school.lesson(cohort.id, 4, '2026-11-28', { lecturerId: lecturer.id });
    const admin = await (await school.admin()).visits();
    const said = `还有 2 节课没上：11-21 ${name} 第 3 节、11-28 ${name} 第 4 节，先安排好谁来上`;
    const edit = await admin.fetch(`/staff/${lecturer.id}/edit`, { headers: { Accept: 'text/html' } });
    expect(await edit.text()).toContain(said);
    const ask = await admin.form('/staff/actions/deactivate', { ids: String(lecturer.id) });
    expect(await ask.text()).toContain(said);
    const other = await school.lecturer('吴静');
    const none = await admin.form('/staff/actions/deactivate', { ids: String(other.id) });
    expect(await none.text()).not.toContain('没上');
  });
});

describe('a roll call nobody made', () => {
  it('is reminded of that evening and listed for the tutor; one that was only opened too', async () => {
    const { lecturer, tutor, lesson } = await school.classOf('科比');
    const done = await school.classOf('王五');
    await done.lecturer.does((scope) => markAttendance(scope, { lessonId: done.lesson.id, marks: [] }));
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    const empty = await school.cohort({ lecturers: [lecturer] });
    const nobody = await school.lesson(empty.id, 1, TODAY, { lecturerId: lecturer.id });
    await runs(remindOfRollCalls, EVENING);
    expect(await toldOf('rollCallMissing', lesson.id)).toEqual(ids(lecturer));
    expect(await toldOf('rollCallMissing', done.lesson.id)).toEqual([]);
    expect(await toldOf('rollCallMissing', nobody.id)).toEqual([]);
    const visitor = await tutor.visits();
    const preset = /href="([^"]+)"[^>]*>没点名/.exec(await (await visitor.fetch('/lessons')).text())?.[1];
    const path = (preset ?? '').replaceAll('&amp;', '&');
    const listed = await visitor.json('GET', path.startsWith('?') ? `/lessons${path}` : path);
    expect(listed.body.rows).toMatchObject([{ id: lesson.id, called: false }]);
  });
});
