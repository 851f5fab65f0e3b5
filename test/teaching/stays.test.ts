import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, dayToDb } from '../../src/kernel/school-time.ts';
import { checkIn, readCheckIn, startCheckIn } from '../../src/teaching/check-in.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { openAttendance } from '../../src/teaching/open-attendance.ts';
import { readRanks } from '../../src/teaching/read-ranks.ts';
import { readRoster } from '../../src/teaching/roster.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { joinCohort, leaveCohort } from '../../src/teaching/stays.ts';
import { readOwnCohorts } from '../../src/teaching/student-view.ts';
import { NOW, refusalOf, TODAY, useTeaching } from './teaching-school.ts';

const school = useTeaching();
beforeEach(() => school.clock.moveTo(NOW));

const YESTERDAY = addDays(TODAY, -1);
const TOMORROW = addDays(TODAY, 1);
const records = (lessonId: number, studentId: number) =>
  school.prisma().studyRecord.count({ where: { lessonId, studentId } });
const stays = (studentId: number) =>
  school.prisma().cohortStudent.findMany({ where: { studentId }, orderBy: { id: 'asc' } });

describe('leaving on a lesson’s day', () => {
  it('keeps that day’s record, and leaving again takes no other', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比', '王五');
    const [kobe] = students;
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    const { studentId } = kobe;
    const admin = await (await school.admin()).visits();
    const left = await admin.json('POST', '/students/actions/leave-cohort', { ids: [studentId], cohortId: cohort.id });
    expect(left).toMatchObject({ status: 200, body: { message: '1 位离班了' } });
    expect(await records(lesson.id, studentId)).toBe(1);
    expect(await stays(studentId)).toMatchObject([{ leftOn: dayToDb(TODAY) }]);

    const again = await admin.json('POST', '/students/actions/leave-cohort', { ids: [studentId], cohortId: cohort.id });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'not_in_cohort' } } });
    expect(await records(lesson.id, studentId)).toBe(1);
  });

  it('by changing class keeps it too, and makes none from the day after', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比');
    const [{ studentId }] = students;
    const next = await school.lesson(cohort.id, 4, TOMORROW);
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id, next.id] }));
    const other = await school.cohort({ lecturers: [lecturer] });
    const admin = await (await school.admin()).visits();
    const moved = await admin.json('PATCH', `/students/${studentId}`, { cohortIds: [other.id] });
    expect(moved.body.row.cohorts).toMatchObject([{ id: other.id }]);
    expect(moved.body.row.stays).toHaveLength(2);
    expect([await records(lesson.id, studentId), await records(next.id, studentId)]).toEqual([1, 0]);
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [next.id] }));
    expect(await records(next.id, studentId)).toBe(0);
  });

  it('some days back keeps what was attended since', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比');
    const [{ studentId }] = students;
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    await lecturer.does((scope) => leaveCohort(scope, { studentId, cohortId: cohort.id, leftOn: '2026-11-10' }));
    expect(await records(lesson.id, studentId)).toBe(1);
  });
});

describe('joining', () => {
  it('again after leaving is a second stay, both kept and shown', async () => {
    const { cohort, students } = await school.classOf('科比');
    const [kobe] = students;
    const admin = await (await school.admin()).visits();
    const act = (name: string, more: object) =>
      admin.json('POST', `/students/actions/${name}`, { ids: [kobe.studentId], cohortId: cohort.id, ...more });
    expect((await act('leave-cohort', { leftOn: '2026-11-10' })).status).toBe(200);
    expect((await act('join-cohort', { joinedOn: '2026-11-09' })).body.error.code).toBe('stay_overlaps');
    expect((await act('join-cohort', {})).status).toBe(200);
    expect((await act('join-cohort', {})).body.error.code).toBe('already_joined');
    const { row } = (await admin.json('GET', `/students/${kobe.studentId}`)).body;
    expect(row.stays).toMatchObject([
      { joinedOn: '2026-11-01', leftOn: '2026-11-10' },
      { joinedOn: TODAY, leftOn: null },
    ]);
    const [own] = await kobe.does((scope) => readOwnCohorts(scope));
    expect(own?.stays).toHaveLength(2);
  });

  it('twice at the same moment makes one stay', async () => {
    const cohort = await school.cohort();
    const { studentId } = await school.student('科比');
    const admin = await school.admin();
    const join = () => refusalOf(admin.does((scope) => joinCohort(scope, { studentId, cohortId: cohort.id })));
    const codes = (await Promise.all([join(), join(), join()])).map(({ code }) => code).sort();
    expect(codes).toEqual(['already_joined', 'already_joined', 'none']);
    expect(await stays(studentId)).toHaveLength(1);
  });

  it('late owes no homework from before, and neither average nor rank counts it', async () => {
    const { lecturer, cohort, students } = await school.classOf('科比');
    const before = await school.lesson(cohort.id, 1, '2026-11-07');
    const late = await school.student('晚到', cohort.id, '2026-11-15');
    const [own] = await late.does((scope) => readOwnCohorts(scope));
    expect(own?.lessons.filter(({ homework }) => homework === 'todo').map(({ number }) => number)).toEqual([3]);
    // A record from before, put in by hand, is history and counts for nothing.
    const data = { lessonId: before.id, score: 100, createdAt: school.clock.now(), updatedAt: school.clock.now() };
    await school.prisma().studyRecord.createMany({
      data: [late, students[0]].map(({ studentId }) => ({ ...data, studentId })),
    });
    const ranks = await lecturer.does((scope) => readRanks(scope, cohort.id));
    expect(ranks.map(({ studentId, sum }) => [studentId, sum])).toEqual([
      [students[0].studentId, 100],
      [late.studentId, 0],
    ]);
    const page = await (await late.visits()).fetch('/portal');
    expect(await page.text()).toContain('进班以前，不用交作业');
  });
});

describe('a class joined by mistake', () => {
  async function joinByMistake() {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比');
    const wrong = await school.student('走错');
    const admin = await school.admin();
    const { studentId } = wrong;
    await admin.does((scope) => joinCohort(scope, { studentId, cohortId: cohort.id }));
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    return { lecturer, cohort, lesson, students, wrong, studentId, visitor: await admin.visits() };
  }

  it('for one minute vanishes from roll, rank and portal, also by removing the cohort', async () => {
    const { lecturer, cohort, lesson, students, wrong, studentId, visitor } = await joinByMistake();
    // Others of the lesson are marked meanwhile: that is no mark of this student.
    const marks = [{ studentId: students[0].studentId, attendance: 'late' as const }];
    await lecturer.does((scope) => markAttendance(scope, { lessonId: lesson.id, marks }));
    expect((await visitor.json('PATCH', `/students/${studentId}`, { cohortIds: [] })).body.row.stays).toEqual([]);
    const roster = await lecturer.does(({ tx }) => readRoster(tx, lesson.id));
    expect(roster.map(({ name }) => name)).toEqual(['科比']);
    expect(await lecturer.does((scope) => readRanks(scope, cohort.id))).toHaveLength(1);
    expect(await wrong.does((scope) => readOwnCohorts(scope))).toEqual([]);
    expect(await records(lesson.id, studentId)).toBe(0);
  });

  it('is said to be taken back, also where the day was put in by hand', async () => {
    const cohort = await school.cohort();
    const { studentId } = await school.student('走错');
    const visitor = await (await school.admin()).visits();
    const act = (name: string, more = {}) =>
      visitor.json('POST', `/students/actions/${name}`, { ids: [studentId], cohortId: cohort.id, ...more });
    await act('join-cohort', { joinedOn: '2026-11-02' });
    expect((await act('leave-cohort')).body.message).toBe('1 位刚进班，收回了，没有留下记录');
    expect(await stays(studentId)).toEqual([]);
  });

  it.each(['marked present', 'graded', 'scanned'] as const)('and %s since is a stay of a day', async (what) => {
    const { lecturer, cohort, lesson, wrong, studentId } = await joinByMistake();
    const lessonId = lesson.id;
    if (what === 'marked present')
      await lecturer.does((scope) =>
        markAttendance(scope, { lessonId, marks: [{ studentId, attendance: 'present' }] }),
      );
    else if (what === 'graded')
      await lecturer.does((scope) => saveScores(scope, { lessonId, scores: [{ studentId, score: 80 }] }));
    else {
      await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
      const { code } = await lecturer.does((scope) => readCheckIn(scope, { lessonId }));
      await wrong.does((scope) => checkIn(scope, { code: code ?? '' }));
    }
    await lecturer.does((scope) => leaveCohort(scope, { studentId, cohortId: cohort.id }));
    expect(await stays(studentId)).toMatchObject([{ leftOn: dayToDb(TODAY) }]);
    expect(await records(lessonId, studentId)).toBe(1);
  });

  it('cannot be taken back the day after', async () => {
    const { lecturer, cohort, studentId } = await joinByMistake();
    school.clock.moveTo('2026-11-22T06:30:00Z');
    await lecturer.does((scope) => leaveCohort(scope, { studentId, cohortId: cohort.id, leftOn: TODAY }));
    expect(await stays(studentId)).toHaveLength(1);
    const early = { studentId, cohortId: cohort.id, leftOn: YESTERDAY };
    expect((await refusalOf(lecturer.does((scope) => leaveCohort(scope, early)))).code).toBe('not_in_cohort');
  });
});

describe('deactivated students', () => {
  it('are off the roll and the rank, their history stays', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    const past = await school.lesson(cohort.id, 2, YESTERDAY);
    await lecturer.does((scope) => markAttendance(scope, { lessonId: past.id, marks: [] }));
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    const admin = await (await school.admin()).visits();
    const off = await admin.json('POST', '/students/actions/deactivate', { ids: [wang.studentId, 999_999] });
    expect(off).toMatchObject({
      status: 200,
      body: {
        results: [
          { id: wang.studentId, ok: true, message: '停用了' },
          { id: 999_999, ok: false, message: expect.stringContaining('没有找到') },
        ],
      },
    });
    const namesOf = async (lessonId: number) =>
      (await lecturer.does(({ tx }) => readRoster(tx, lessonId))).map(({ name }) => name);
    expect(await namesOf(lesson.id)).toEqual(['科比']);
    expect(await namesOf(past.id)).toEqual(['科比', '王五']);
    const ranks = await lecturer.does((scope) => readRanks(scope, cohort.id));
    expect(ranks.map(({ studentId }) => studentId)).toEqual([kobe.studentId]);
    expect(await records(lesson.id, wang.studentId)).toBe(1);
    const next = await school.lesson(cohort.id, 4, TODAY);
    expect((await lecturer.does((scope) => openAttendance(scope, { lessonIds: [next.id] }))).created).toBe(1);
  });
});
