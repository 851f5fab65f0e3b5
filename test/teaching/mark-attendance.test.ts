import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { quietLog } from '../setup/database.ts';
import { refusalOf, useTeaching } from './teaching-school.ts';

const school = useTeaching();

describe('markAttendance', () => {
  it('marks the exceptions, opens the roll where nobody did, and tells how many are what', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比', '王五', '郭小靖');
    const visitor = await lecturer.visits();
    const marks = [
      { studentId: students[0].studentId, attendance: '迟到' },
      { studentId: students[1].studentId, attendance: 'excused' },
    ];
    const { status, body } = await visitor.json('POST', `/lessons/${lesson.id}/attendance`, { marks });
    expect(status).toBe(200);
    expect(body.counts).toEqual({ present: 1, late: 1, absent: 0, excused: 1, leftEarly: 0 });
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late', 王五: 'excused', 郭小靖: 'present' });
    const again = await visitor.json('POST', `/lessons/${lesson.id}/attendance`, { marks });
    expect(again.body.changed).toEqual([]);
  });

  it('keeps who changed what, when and through which door', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const [kobe] = students;
    await lecturer.does((scope) =>
      markAttendance(scope, {
        lessonId: lesson.id,
        marks: [{ studentId: kobe.studentId, attendance: 'absent' }],
      }),
    );
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const [entry] = await school
      .prisma()
      .auditEntry.findMany({ where: { entity: 'StudyRecord', entityId: record.id } });
    expect(entry).toMatchObject({ actorId: lecturer.id, channel: 'web', action: 'edit' });
    expect(entry?.before).toEqual({ attendance: 'present' });
    expect(entry?.after).toEqual({ attendance: 'absent' });
    const visitor = await lecturer.visits();
    expect(await (await visitor.fetch(`/lessons/${lesson.id}`)).text()).toContain('张伟：科比 已签到 → 缺勤');
  });

  it('when another lecturer changed a student since one looked, changes nothing and names both values', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students.map(({ studentId }) => studentId) as [number, number];
    const lessonId = lesson.id;
    await tutor.does((scope) =>
      markAttendance(scope, { lessonId, marks: [{ studentId: kobe, attendance: 'absent', seen: 'present' }] }),
    );
    const refusal = await refusalOf(
      lecturer.does((scope) =>
        markAttendance(scope, {
          lessonId,
          marks: [
            { studentId: kobe, attendance: 'late', seen: 'present' },
            { studentId: wang, attendance: 'late', seen: 'present' },
          ],
        }),
      ),
    );
    expect(refusal.code).toBe('attendance_conflict');
    expect(refusal.message).toContain('科比：郑洁改成了缺勤，你标的是迟到');
    expect(refusal.fields).toEqual({ [kobe]: '郑洁改成了缺勤' });
    expect(await school.attendanceOf(lessonId)).toEqual({ 科比: 'absent', 王五: 'present' });

    await lecturer.does((scope) =>
      markAttendance(scope, { lessonId, marks: [{ studentId: kobe, attendance: 'late', seen: 'absent' }] }),
    );
    expect(await school.attendanceOf(lessonId)).toEqual({ 科比: 'late', 王五: 'present' });
  });

  it('when two mark different students, or the same alike, both are kept', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students.map(({ studentId }) => studentId) as [number, number];
    const lessonId = lesson.id;
    await tutor.does((scope) =>
      markAttendance(scope, { lessonId, marks: [{ studentId: kobe, attendance: 'late', seen: 'present' }] }),
    );
    await lecturer.does((scope) =>
      markAttendance(scope, {
        lessonId,
        marks: [
          { studentId: kobe, attendance: 'late', seen: 'present' },
          { studentId: wang, attendance: 'excused', seen: 'present' },
        ],
      }),
    );
    expect(await school.attendanceOf(lessonId)).toEqual({ 科比: 'late', 王五: 'excused' });
  });

  it('when two mark the same student differently at the same moment, one is kept and the other is told', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比');
    const studentId = students[0].studentId;
    const { databaseUrl } = school.database();
    const other = databaseUrl ? await openDatabase({ databaseUrl, log: quietLog }) : null;
    const mark = (who: typeof tutor, attendance: 'late' | 'absent', node = school.inTransaction) =>
      node(who.actor, 'web', (scope) =>
        markAttendance(scope, { lessonId: lesson.id, marks: [{ studentId, attendance, seen: 'present' }] }),
      );
    const results = await Promise.allSettled([
      mark(tutor, 'absent'),
      mark(lecturer, 'late', other ? school.transactionsOf(other) : undefined),
    ]);
    await other?.close();
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = results[0]?.status === 'fulfilled' ? 'absent' : 'late';
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: winner });
  });

  it('is refused to lecturers of other cohorts, allowed to administrators, and impossible for students', async () => {
    const { lesson, students } = await school.classOf('科比');
    const [kobe] = students;
    const marks = [{ studentId: kobe.studentId, attendance: 'late' }];
    const path = `/lessons/${lesson.id}/attendance`;
    const other = await (await school.lecturer('吴静')).visits();
    const refused = await other.json('POST', path, { marks });
    expect([refused.status, refused.body.error.code]).toEqual([403, 'not_your_cohort']);
    expect((await other.json('GET', path)).status).toBe(403);
    expect((await other.json('GET', `/lessons/${lesson.id}`)).status).toBe(404);
    expect((await other.json('GET', '/lessons')).body.total).toBe(0);
    const itself = await kobe.visits();
    expect((await itself.json('POST', path, { marks })).status).toBe(403);
    const admin = await (await school.admin()).visits();
    expect((await admin.json('POST', path, { marks })).status).toBe(200);
  });

  it('when a student is not of this lesson, says who and changes nobody', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const guest = await school.student('路人');
    const marks = [...students, guest].map(({ studentId }) => ({ studentId, attendance: 'absent' as const }));
    const refusal = await refusalOf(lecturer.does((scope) => markAttendance(scope, { lessonId: lesson.id, marks })));
    expect(refusal).toMatchObject({ code: 'not_in_lesson' });
    expect(refusal.message).toContain('路人');
  });

  it('is a batch of the study records’ table too', async () => {
    const { lecturer, lesson } = await school.classOf('科比', '王五');
    const visitor = await lecturer.visits();
    await visitor.json('POST', `/lessons/${lesson.id}/attendance/open`);
    const { body } = await visitor.json('GET', `/study-records?lessonId=${lesson.id}`);
    const ids = body.rows.map(({ id }: { id: number }) => id);
    const done = await visitor.json('POST', '/study-records/actions/mark-absent', { ids });
    expect(done.body).toMatchObject({ changed: 2 });
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'absent', 王五: 'absent' });
    const one = await visitor.json('PATCH', `/study-records/${ids[0]}`, {
      attendance: '早退',
      score: 'B+',
      comment: '不错',
    });
    expect(one.body.row).toMatchObject({ attendance: 'leftEarly', score: 85, comment: '不错' });
  });
});
