import { beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/kernel/school-time.ts';
import { checkIn, readCheckIn, startCheckIn } from '../../src/teaching/check-in.ts';
import { codeAt } from '../../src/teaching/check-in-code.ts';
import { removeLesson } from '../../src/teaching/edit-lessons.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { openAttendance } from '../../src/teaching/open-attendance.ts';
import { readRanks } from '../../src/teaching/read-ranks.ts';
import { readOwnCohorts } from '../../src/teaching/student-view.ts';
import { NOW, refusalOf, TODAY, useTeaching } from './teaching-school.ts';

const school = useTeaching();
beforeEach(() => school.clock.moveTo(NOW));
const TOMORROW = addDays(TODAY, 1);

describe('a taught lesson', () => {
  it('with records and scans is not deleted, only made void', async () => {
    const { lecturer, tutor, cohort, lesson, students, name } = await school.classOf('科比', '王五');
    const [kobe] = students;
    await lecturer.does((scope) => startCheckIn(scope, { lessonId: lesson.id }));
    const { code } = await lecturer.does((scope) => readCheckIn(scope, { lessonId: lesson.id }));
    await kobe.does((scope) => checkIn(scope, { code: code ?? '' }));
    const visitor = await lecturer.visits();
    const scanned = await visitor.json('DELETE', `/lessons/${lesson.id}`);
    expect(scanned).toMatchObject({ status: 409, body: { error: { code: 'lesson_taught' } } });
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    const opened = await visitor.json('DELETE', `/lessons/${lesson.id}`);
    expect(opened.body.error).toMatchObject({ code: 'lesson_taught', message: expect.stringContaining('2 条记录') });

    const scores = [{ studentId: kobe.studentId, score: 90 }];
    await visitor.json('POST', `/lessons/${lesson.id}/scores`, { scores });
    const refused = await visitor.json('POST', `/lessons/${lesson.id}/void`, { reason: '排错了' });
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain('班主任郑洁');
    const mine = await tutor.visits();
    expect((await mine.json('POST', `/lessons/${lesson.id}/void`, {})).body.error.fields).toHaveProperty('reason');
    const voided = await mine.json('POST', `/lessons/${lesson.id}/void`, { reason: '排错了' });
    expect(voided).toMatchObject({ status: 200, body: { row: { voided: true } } });
    expect((await mine.json('POST', `/lessons/${lesson.id}/void`, { reason: '又' })).body.error.code).toBe(
      'lesson_void',
    );

    // Kept, and counted in nothing.
    expect(await school.prisma().studyRecord.count({ where: { lessonId: lesson.id } })).toBe(2);
    expect(await school.prisma().checkIn.count({ where: { lessonId: lesson.id } })).toBe(1);
    expect((await lecturer.does((scope) => readRanks(scope, cohort.id))).map(({ sum }) => sum)).toEqual([0, 0]);
    const [own] = await kobe.does((scope) => readOwnCohorts(scope));
    expect([own?.lessons, own?.counts.present]).toEqual([[], 0]);
    expect((await mine.json('GET', `/cohorts/${cohort.id}/charts`)).body.lessons).toEqual([]);
    expect(await lecturer.says('点名')).toContain('今天没有课');

    // Its number is free again, and nothing more happens to it.
    const again = await visitor.json('POST', '/lessons', { cohortId: cohort.id, number: 3 });
    expect(again).toMatchObject({ status: 201, body: { row: { number: 3, cohort: { name } } } });
    const path = `/lessons/${lesson.id}`;
    for (const [method, to, body] of [
      ['POST', `${path}/attendance`, { marks: [] }],
      ['POST', `${path}/attendance/open`, {}],
      ['POST', `${path}/scores`, { scores }],
      ['PATCH', path, { title: '改' }],
    ] as const)
      expect((await visitor.json(method, to, body)).body.error.code).toBe('lesson_void');
    expect((await visitor.json('DELETE', path)).body.error.code).toBe('lesson_taught');
    expect((await kobe.visits().then((v) => v.json('GET', `/portal${path}`))).status).toBe(404);
  });

  it('is made void on the page too, by tutor and administrator', async () => {
    const { lecturer, tutor, lesson } = await school.classOf('科比');
    await lecturer.does((scope) => markAttendance(scope, { lessonId: lesson.id, marks: [] }));
    const html = async (who: typeof tutor) => (await (await who.visits()).fetch(`/lessons/${lesson.id}`)).text();
    expect(await html(lecturer)).not.toContain('actions/make-void');
    expect(await html(tutor)).toContain('actions/make-void');
    const admin = await (await school.admin()).visits();
    const done = await admin.json('POST', '/lessons/actions/make-void', { ids: [lesson.id], reason: '停电' });
    expect(done.body).toMatchObject({ message: expect.stringContaining('作废了') });
    expect(await html(tutor)).toContain('停电');
    expect((await admin.json('GET', '/lessons?voided=true')).body.rows).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ id: lesson.id, voidReason: '停电' })]),
    );
  });

  it('is not moved into the future', async () => {
    const { lecturer, lesson } = await school.classOf('科比');
    await lecturer.does((scope) => markAttendance(scope, { lessonId: lesson.id, marks: [] }));
    const visitor = await lecturer.visits();
    expect((await visitor.json('PATCH', `/lessons/${lesson.id}`, { date: TOMORROW })).body.error.code).toBe(
      'lesson_moved',
    );
  });

  it('entered by mistake is still deleted', async () => {
    const { lecturer, lesson } = await school.classOf('科比');
    await lecturer.does((scope) => removeLesson(scope, lesson.id));
    expect(await school.prisma().lesson.count({ where: { id: lesson.id } })).toBe(0);
  });

  it('keeps its records one by one as well', async () => {
    const { lesson, students } = await school.classOf('科比');
    const admin = await (await school.admin()).visits();
    await admin.json('POST', `/lessons/${lesson.id}/attendance`, { marks: [] });
    const { id } = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    expect((await admin.json('DELETE', `/study-records/${id}`)).body.error.code).toBe('record_in_use');
    const guest = await school.student('旁听');
    const added = { lessonId: lesson.id, studentId: guest.studentId, attendance: 'present' };
    const { row } = (await admin.json('POST', '/study-records', added)).body;
    expect((await admin.json('DELETE', `/study-records/${row.id}`)).status).toBe(200);
    expect(students).toHaveLength(1);
  });
});

describe('a lesson to come', () => {
  it('is opened, but not marked, graded or checked in to, at any door', async () => {
    const { lecturer, cohort, students } = await school.classOf('科比');
    const [kobe] = students;
    const next = await school.lesson(cohort.id, 4, TOMORROW, { lecturerId: lecturer.id });
    const visitor = await lecturer.visits();
    const path = `/lessons/${next.id}`;
    expect((await visitor.json('POST', `${path}/attendance/open`)).body).toEqual({ created: 1 });
    const { studentId } = kobe;
    const { id: recordId } = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: next.id } });
    const admin = await (await school.admin()).visits();
    for (const answer of [
      await visitor.json('POST', `${path}/attendance`, { marks: [{ studentId, attendance: 'late' }] }),
      await visitor.json('POST', `${path}/attendance`, { marks: [] }),
      await visitor.json('POST', `${path}/scores`, { scores: [{ studentId, score: 90 }] }),
      await visitor.json('POST', `${path}/check-in`, { on: true }),
      await visitor.json('PATCH', `/study-records/${recordId}`, { attendance: 'absent' }),
      await visitor.json('POST', '/study-records/actions/mark-absent', { ids: [recordId] }),
      await admin.json('PATCH', `/study-records/${recordId}`, { score: 90 }),
    ])
      expect([answer.status, answer.body.error.code]).toEqual([409, 'not_yet']);
    const page = await visitor.fetch(`${path}/attendance`);
    expect(await page.text()).toContain('到那天才能点名');

    const checkInSecret = 'shown before the day';
    await school.prisma().lesson.update({ where: { id: next.id }, data: { checkInSecret } });
    const code = codeAt({ id: next.id, checkInSecret }, school.clock.now());
    expect((await refusalOf(kobe.does((scope) => checkIn(scope, { code })))).code).toBe('not_yet');
    const record = await school.prisma().studyRecord.findUniqueOrThrow({ where: { id: recordId } });
    expect(record).toMatchObject({ attendance: 'present', score: -1, version: 0 });
    school.clock.moveTo('2026-11-22T00:00:00Z');
    expect((await visitor.json('POST', `${path}/attendance`, { marks: [] })).status).toBe(200);
  });
});
