import { describe, expect, it } from 'vitest';
import { drawAttendance, drawDistribution, drawScores } from '../../src/teaching/charts.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { readRanks } from '../../src/teaching/read-ranks.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { useTeaching } from './teaching-school.ts';

const school = useTeaching();
const scored = (...list: number[]) => list.map((score, index) => ({ number: index + 1, score }));

describe('drawScores', () => {
  it('plots marks, marks codes below 0 without plotting them, and leaves N/A out', () => {
    const { picture, title } = drawScores(scored(90, -1, -1000, 85), 'line');
    expect(title).toBe('2 次作业平均 88 分，另有 1 次不计分');
    expect(picture?.wide).toContain('FAIL');
    expect(picture?.wide).toContain('>A<');
    expect(picture?.wide).not.toContain('N/A');
    expect(drawScores(scored(90), 'bar').picture?.narrow).toContain('<svg');
  });

  it.each([
    [[], '还没有成绩，批好的作业会出现在这里'],
    [[-1], '还没有成绩，批好的作业会出现在这里'],
    [[-100], '还没有能画出来的分数，另有 1 次不计分'],
    [[80, 80, 90, 90, 90], '最近 3 次平均 90 分，比之前高 10 分'],
    [[90, 90, 80, 80, 80], '最近 3 次平均 80 分，比之前低 10 分'],
  ])('says of %j one thing: %s', (list, title) => {
    expect(drawScores(scored(...list), 'line').title).toBe(title);
  });
});

describe('the charts of a cohort', () => {
  it('say how much is good, and which lesson was attended least', () => {
    const bars = [
      { letters: 'A', score: 90, count: 3 },
      { letters: 'D', score: 0, count: 1 },
    ];
    expect(drawDistribution(bars).title).toBe('批过的 4 份里，B 以上 3 份，占 75%');
    const lessons = [
      { lessonId: 1, number: 1, there: 10, total: 10 },
      { lessonId: 2, number: 2, there: 8, total: 10 },
    ];
    expect(drawAttendance(lessons).title).toBe('平均出勤 90%，最低是第 2 节 80%');
    expect([drawDistribution([]).picture, drawAttendance([]).picture]).toEqual([null, null]);
  });

  it('are shown to those who lead it, and not to others', async () => {
    const { tutor, cohort, lecturer, lesson, students } = await school.classOf('科比');
    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: students[0].studentId, score: 90 }] }),
    );
    const path = `/cohorts/${cohort.id}/charts`;
    const page = await (await tutor.visits()).fetch(path, { headers: { Accept: 'text/html' } });
    expect(await page.text()).toContain('批过的 1 份里，B 以上 1 份，占 100%');
    const other = await (await school.lecturer('吴静')).visits();
    expect((await other.json('GET', path)).status).toBe(404);
    expect((await (await students[0].visits()).json('GET', path)).status).toBe(403);
  });
});

describe('ranks', () => {
  it('count attendance only where the school has set it, and leave out who has left', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比', '王五', '郭小靖');
    const [kobe, wang, guo] = students;
    await lecturer.does(async (scope) => {
      await saveScores(scope, {
        lessonId: lesson.id,
        scores: [
          { studentId: kobe.studentId, score: 90 },
          { studentId: wang.studentId, score: 85 },
          { studentId: guo.studentId, score: 100 },
        ],
      });
      await markAttendance(scope, {
        lessonId: lesson.id,
        marks: [{ studentId: kobe.studentId, attendance: 'absent' }],
      });
    });
    await school
      .prisma()
      .cohortStudent.updateMany({ where: { studentId: guo.studentId }, data: { leftOn: new Date('2026-11-20') } });
    const ranks = async () =>
      (await lecturer.does((scope) => readRanks(scope, cohort.id))).map(({ studentId, sum }) => [studentId, sum]);
    expect(await ranks()).toEqual([
      [kobe.studentId, 90],
      [wang.studentId, 85],
    ]);
    await school
      .prisma()
      .setting.create({ data: { key: 'attendanceInRank', value: true, updatedAt: school.clock.now() } });
    expect(await ranks()).toEqual([
      [wang.studentId, 85],
      [kobe.studentId, 70],
    ]);
    await school.prisma().setting.delete({ where: { key: 'attendanceInRank' } });
  });
});

describe('我的学习', () => {
  it('shows a student their own cohort, lessons, scores and rank, and nobody else’s', async () => {
    const { lecturer, lesson, students, name } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    await lecturer.does((scope) =>
      saveScores(scope, {
        lessonId: lesson.id,
        scores: [{ studentId: kobe.studentId, score: 90, comment: '思路清楚' }],
      }),
    );
    const { body } = await (await kobe.visits()).json('GET', '/portal');
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0]).toMatchObject({
      name,
      outline: '先学语言，再做项目',
      rank: { rank: 1, of: 2, sum: 90 },
      lessons: [{ number: 3, letters: 'A', comment: '思路清楚', attendance: 'present', homework: 'graded' }],
    });
    const page = await (await (await wang.visits()).fetch('/portal', { headers: { Accept: 'text/html' } })).text();
    expect(page).toContain('第 2 名');
    expect(page).not.toContain('思路清楚');
    expect(page).not.toContain('科比');
    const own = await (await kobe.visits()).fetch(`/portal/lessons/${lesson.id}`, { headers: { Accept: 'text/html' } });
    expect(await own.text()).toContain('思路清楚');
  });

  it('is closed to staff, and students find no lists', async () => {
    const { lecturer, students } = await school.classOf('科比');
    expect((await (await lecturer.visits()).json('GET', '/portal')).status).toBe(403);
    expect((await (await (await school.admin()).visits()).json('GET', '/portal')).body.error.code).toBe('no_portal');
    const visitor = await students[0].visits();
    for (const path of ['/students', '/cohorts', '/lessons', '/study-records', '/payments', '/courses'])
      expect((await visitor.json('GET', path)).status).toBe(403);
  });
});
