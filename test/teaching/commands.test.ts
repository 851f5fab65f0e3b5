import { beforeEach, describe, expect, it } from 'vitest';
import { readRoster } from '../../src/teaching/roster.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { NOW, TODAY, useTeaching } from './teaching-school.ts';

const school = useTeaching();
beforeEach(() => school.clock.moveTo(NOW));

const undoIn = (answer: string) => /撤销 [A-Z2-9]{4}/.exec(answer)?.[0] ?? '';

describe('我的班级 and 点名', () => {
  it('lists one’s cohorts and opens today’s lesson with everybody numbered and the link', async () => {
    const { lecturer, lesson, name } = await school.classOf('科比', '王五');
    expect(await lecturer.says('我的班级')).toBe(
      `你带 1 个班：\n1 ${name} · 2 人 · 今天第 3 节\n回复「点名 1」给今天的课点名`,
    );
    const opened = await lecturer.says('点名 1');
    expect(opened).toContain(`${name} 第 3 节：2 人，到 2\n1科比 2王五`);
    expect(opened).toContain(`https://xiaoxin.test/l/lesson-${lesson.id}`);
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present', 王五: 'present' });
    expect(await lecturer.says('rollcall')).toContain('2 人，到 2');
  });

  it('where there is no lesson today, says when the next one is', async () => {
    const zhang = await school.lecturer('张伟');
    const cohort = await school.cohort({ course: 'Linux', lecturers: [zhang] });
    expect(await zhang.says('点名')).toBe('今天没有课，后面也还没有排课');
    await school.lesson(cohort.id, 1, '2026-11-27');
    expect(await zhang.says('点名')).toBe('今天没有课。下一节：Linux(9期) 第 1 节 · 周五 11-27');
    expect(await (await school.lecturer('吴静')).says('我的班级')).toContain('你现在没有带班');
  });

  it('where there are two lessons today, lets one choose, and marks in the chosen one', async () => {
    const { lecturer, cohort, lesson, name } = await school.classOf('科比');
    const second = await school.lesson(cohort.id, 4, TODAY, { lecturerId: lecturer.id });
    expect(await lecturer.says('迟到 科比')).toContain('今天有 2 节课');
    expect(await lecturer.says('点名')).toContain(`1 ${name} 第 3 节\n2 ${name} 第 4 节`);
    expect(await lecturer.says('点名 2')).toContain('第 4 节');
    expect(await lecturer.says('迟到 科比')).toContain('第 4 节：科比 迟到');
    expect(await school.attendanceOf(second.id)).toEqual({ 科比: 'late' });
    expect(await school.attendanceOf(lesson.id)).toEqual({});
  });
});

describe('two students of one name', () => {
  it('are told apart by their accounts on the roll and in the receipt', async () => {
    const { lecturer, lesson } = await school.classOf('王伟', '王伟', '科比');
    const roster = await readRoster(school.prisma(), lesson.id);
    const [first, second] = await Promise.all(
      roster.slice(0, 2).map(({ personId }) => school.prisma().person.findUniqueOrThrow({ where: { id: personId } })),
    );
    expect(await lecturer.says('点名')).toContain(`1王伟（${first?.username}） 2王伟（${second?.username}） 3科比`);
    expect(await lecturer.says('迟到 2')).toContain(`王伟（${second?.username}） 迟到`);
    expect(await lecturer.says('缺勤 王伟')).toContain(
      `叫王伟的有 2 位：王伟（${first?.username}） 1 号、王伟（${second?.username}） 2 号。用账号说`,
    );
  });
});

describe('点名 without a number', () => {
  it('means the lesson one gives oneself, also where a colleague gives another to a cohort of one’s own', async () => {
    const { lecturer, lesson, name } = await school.classOf('科比');
    const wu = await school.lecturer('吴静');
    const shared = await school.cohort({ course: 'Linux云', lecturers: [wu, lecturer] });
    await school.student('任盈', shared.id);
    const other = await school.lesson(shared.id, 1, TODAY, { lecturerId: wu.id });
    expect(await lecturer.says('点名')).toContain(`${name} 第 3 节：1 人`);
    expect(await school.attendanceOf(other.id)).toEqual({});
    await lecturer.says('我的班级');
    expect(await lecturer.says('点名 2')).toContain('Linux云(9期) 第 1 节：1 人');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present' });
  });
});

describe('迟到 缺勤 请假 早退 签到 全到', () => {
  it('marks by name prefix without opening first, and says how many are what', async () => {
    const { lecturer, lesson, name } = await school.classOf('科比', '王五', '郭小靖');
    const answer = await lecturer.says('迟到 科比');
    expect(answer.split('\n')[0]).toBe(`${name} 第 3 节：科比 迟到`);
    expect(answer.split('\n')[1]).toMatch(/^到 2 · 迟到 1。撤销 [A-Z2-9]{4}$/);
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late', 王五: 'present', 郭小靖: 'present' });
    expect(await lecturer.says('早退 郭')).toContain('郭小靖 早退');
  });

  it.each([
    ['迟到 科比; 请假 王五', { 科比: 'late', 王五: 'excused' }],
    ['迟到科比；请假王五', { 科比: 'late', 王五: 'excused' }],
    ['缺勤 科比、王五', { 科比: 'absent', 王五: 'absent' }],
    ['缺勤 科比和王五', { 科比: 'absent', 王五: 'absent' }],
    ['请假 李和平', { 李和平: 'excused' }],
    ['迟到 科比，早退 李和平', { 科比: 'late', 李和平: 'leftEarly' }],
    ['late 科比', { 科比: 'late' }],
    ['科比迟到', { 科比: 'late' }],
    ['科比没来', { 科比: 'absent' }],
    ['没来 科比', { 科比: 'absent' }],
    ['科比、王五请假', { 科比: 'excused', 王五: 'excused' }],
    ['遲到 科比', { 科比: 'late' }],
    ['全到，除了科比', { 科比: 'absent' }],
    ['全部到齐', {}],
    ['除了科比和王五都到了', { 科比: 'absent', 王五: 'absent' }],
    ['全到 迟到 科比', { 科比: 'late' }],
    ['只有科比没来', { 科比: 'absent' }],
    ['迟到 科比 谢谢', { 科比: 'late' }],
  ])('reads %s', async (said, marked) => {
    const { lecturer, lesson } = await school.classOf('科比', '王五', '李和平');
    await lecturer.says(said);
    expect(await school.attendanceOf(lesson.id)).toEqual({
      科比: 'present',
      王五: 'present',
      李和平: 'present',
      ...marked,
    });
  });

  it('marks by the numbers of the roll call, and takes all back by its code', async () => {
    const { lecturer, lesson } = await school.classOf('科比', '王五', '郭小靖');
    expect(await lecturer.says('缺勤 3')).toContain('先回复「点名」');
    await lecturer.says('点名');
    const answer = await lecturer.says('缺勤 1 3');
    expect(answer).toContain('科比 缺勤、郭小靖 缺勤');
    expect(await lecturer.says(undoIn(answer))).toBe('已撤销：科比、郭小靖 改回 到');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present', 王五: 'present', 郭小靖: 'present' });
    expect(await lecturer.says('缺勤 9')).toContain('只有 1 到 3');
    await lecturer.says('点名');
    expect(await lecturer.says('点名 1')).toBe('刚才的列表不是这一种，先回复「我的班级」，再说编号');
  });

  it('marks by several numbers and ranges, before or behind the word', async () => {
    const { lecturer, lesson } = await school.classOf('科比', '王五', '郭小靖', '任盈');
    await lecturer.says('点名');
    expect(await lecturer.says('缺勤 1-3')).toContain('科比 缺勤、王五 缺勤、郭小靖 缺勤');
    expect(await lecturer.says('1 3 迟到')).toContain('科比 迟到（原来缺勤）、郭小靖 迟到（原来缺勤）');
    expect(await lecturer.says('全到，除了 2、4')).toContain('到 2 · 缺勤 2（王五、任盈）');
    expect(await school.attendanceOf(lesson.id)).toEqual({
      科比: 'present',
      王五: 'absent',
      郭小靖: 'present',
      任盈: 'absent',
    });
  });

  it('says the exact result where everybody but some were there', async () => {
    const { lecturer, name } = await school.classOf('科比', '王五', '郭小靖');
    expect(await lecturer.says('全到，除了科比')).toMatch(
      new RegExp(`^${name.replace(/[()]/g, '\\$&')} 第 3 节：到 2 · 缺勤 1（科比）。撤销 \\w{4}$`),
    );
    expect(await lecturer.says('全到 迟到 科比')).toContain('第 3 节：到 2 · 迟到 1（科比）');
  });

  it.each([
    ['全到？', '不确定是在问还是要做'],
    ['都到了吗', '不确定是在问还是要做'],
    ['科比迟到？', '不确定是在问还是要做'],
    ['全到，除了科壁', '没有找到学员「科壁」'],
    ['迟到 科比 任盈', '没有找到学员「任盈」'],
    ['全到 科比', '科比怎么了'],
    ['迟到 科比 早退', '早退的是谁'],
    ['迟到 科比 王五请假 早退', '请假的是谁'],
    ['没有人迟到', '没有找到学员「没有人」'],
    ['缺勤 1 9', '只有 1 到 2'],
  ])('%s marks nobody', async (said, answer) => {
    const { lecturer, lesson } = await school.classOf('科比', '王五');
    await lecturer.says('点名');
    expect(await lecturer.says(said)).toContain(answer);
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present', 王五: 'present' });
  });

  it('two of one name are told apart by account, in the roll, the question and the receipt', async () => {
    const { lecturer, lesson, students } = await school.classOf('王伟', '科比', '王伟');
    const { username } = await school.prisma().person.findUniqueOrThrow({ where: { id: students[2].id } });
    const { username: first } = await school.prisma().person.findUniqueOrThrow({ where: { id: students[0].id } });
    expect(await lecturer.says('点名')).toContain(`1王伟（${first}） 2科比 3王伟（${username}）`);
    expect(await lecturer.says('迟到 王伟')).toContain(
      `叫王伟的有 2 位：王伟（${first}） 1 号、王伟（${username}） 3 号`,
    );
    expect(await school.attendanceOf(lesson.id)).toEqual({ 王伟: 'present', 科比: 'present' });
    expect(await lecturer.says(`迟到 ${username}`)).toContain(`王伟（${username}） 迟到`);
    const records = await school
      .prisma()
      .studyRecord.findMany({ where: { lessonId: lesson.id }, orderBy: { studentId: 'asc' } });
    expect(records.map(({ attendance }) => attendance)).toEqual(['present', 'present', 'late']);
  });

  it('says what it was before, where somebody had marked it, and 全到 makes everybody present again', async () => {
    const { lecturer, tutor, lesson } = await school.classOf('科比', '王五');
    await tutor.says('缺勤 科比');
    const answer = await lecturer.says('迟到 科比');
    expect(answer).toContain('科比 迟到（原来缺勤）');
    const all = await lecturer.says('全到');
    expect(all).toContain('全到，改回 1 位');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present', 王五: 'present' });
    expect(await lecturer.says('全到')).not.toContain('撤销');
    expect(await lecturer.says(undoIn(answer))).toContain('后来又有改动');
    expect(await lecturer.says(undoIn(all))).toBe('已撤销：科比 改回 迟到');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late', 王五: 'present' });
    expect(await lecturer.says('撤销')).toBe('已撤销：科比 改回 缺勤');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'absent', 王五: 'present' });
  });

  it('asks back for a name that is several, or none, and for whom at all', async () => {
    const { lecturer, lesson } = await school.classOf('王五', '王语欣', '科比');
    expect(await lecturer.says('迟到 王')).toBe('「王」有 2 个：王五（1 号）、王语欣（2 号），写全一点');
    expect(await lecturer.says('迟到 科壁')).toContain('没有找到学员「科壁」');
    expect(await lecturer.says('迟到 任盈')).toBe('没有找到学员「任盈」，这节课的名单里没有。回复「点名」看有谁');
    expect(await lecturer.says('迟到')).toContain('迟到的是谁');
    expect(await school.attendanceOf(lesson.id)).toEqual({});
  });

  it('is not for students, nor for lecturers without a lesson today', async () => {
    const { students } = await school.classOf('科比');
    expect(await students[0].says('签到 科比')).toMatch(/^你用不了「签到」，可以说「我的成绩」/);
    expect(await (await school.lecturer('吴静')).says('迟到 科比')).toContain('今天没有课');
  });
});

describe('点名 of another day, and by administrators', () => {
  it('点名 昨天 opens yesterday’s lesson, and marks go there', async () => {
    const { lecturer, cohort, lesson, name } = await school.classOf('科比');
    const yesterday = await school.lesson(cohort.id, 2, '2026-11-20', { lecturerId: lecturer.id });
    expect(await lecturer.says('点名 昨天')).toContain(`${name} 第 2 节（昨天）：1 人`);
    expect(await lecturer.says('迟到 科比')).toContain(`${name} 第 2 节（昨天）：科比 迟到`);
    expect(await school.attendanceOf(yesterday.id)).toEqual({ 科比: 'late' });
    expect(await school.attendanceOf(lesson.id)).toEqual({});
    expect(await lecturer.says('昨天 科比请假')).toContain('第 2 节（昨天）：科比 请假');
  });

  it('点名 昨天 2 is the second of that day', async () => {
    const { lecturer, cohort } = await school.classOf('科比');
    await school.lesson(cohort.id, 1, '2026-11-20', { lecturerId: lecturer.id });
    await school.lesson(cohort.id, 2, '2026-11-20', { lecturerId: lecturer.id });
    expect(await lecturer.says('点名 昨天')).toContain('昨天有 2 节课：');
    expect(await lecturer.says('点名 昨天 2')).toContain('第 2 节（昨天）');
    expect(await lecturer.says('点名 昨天 3')).toContain('昨天只有 2 节课');
  });

  it.each([
    ['点名 明天', '还没到，到那天再点名'],
    ['点名 前天', '没有课'],
    ['点名 夏威夷', '没看懂「夏威夷」'],
  ])('%s opens nothing', async (said, answer) => {
    const { lecturer, cohort, lesson } = await school.classOf('科比');
    const tomorrow = await school.lesson(cohort.id, 4, '2026-11-22');
    expect(await lecturer.says(said)).toContain(answer);
    expect(await school.attendanceOf(lesson.id)).toEqual({});
    expect(await school.attendanceOf(tomorrow.id)).toEqual({});
  });

  it('an administrator, who was told that there is no lesson today, sees all of today’s', async () => {
    const admin = await school.admin();
    const { name, lesson } = await school.classOf('科比');
    await school.classOf('王五');
    const answer = await admin.says('点名');
    expect(answer).toMatch(/^今天有 \d+ 节课：/);
    expect(await admin.says(`点名 ${name}`)).toContain(`${name} 第 3 节：1 人`);
    expect(await admin.says('科比迟到')).toContain('科比 迟到');
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'late' });
  });
});

describe('我的成绩 我的考勤 作业', () => {
  it('tells a student scores with rank, attendance with its exceptions, and what is not handed in', async () => {
    const { lecturer, cohort, students, lesson, name } = await school.classOf('科比', '王五', '郭小靖');
    const [kobe, wang, guo] = students;
    const earlier = await school.lesson(cohort.id, 2, '2026-11-14', { title: '函数' });
    await lecturer.does((scope) =>
      saveScores(scope, {
        lessonId: earlier.id,
        scores: [
          { studentId: kobe.studentId, score: 90 },
          { studentId: wang.studentId, score: 90 },
          { studentId: guo.studentId, score: 100 },
        ],
      }),
    );
    await lecturer.says('迟到 科比');
    expect(await kobe.says('我的成绩')).toContain(`${name}：第 2 名 · 共 3 人 · 总分 90\n第 2 节 函数 · A`);
    expect(await wang.says('成绩')).toContain('第 2 名 · 共 3 人');
    expect(await kobe.says('我的考勤')).toBe(`${name}：到 1 · 迟到 1\n今天 第 3 节 迟到`);
    expect(await wang.says('我的考勤')).toContain('每节都到了');
    const homework = await kobe.says('作业');
    expect(homework).toContain(`还有 1 次作业没交：\n${name} 第 3 节 · 今天`);
    const record = await school
      .prisma()
      .studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id, studentId: kobe.studentId } });
    expect(homework).toContain(`https://xiaoxin.test/l/studyRecord-${record.id}`);
    expect(homework).toContain('点「去交」上传');
  });

  it('leads from the scores to the chart, and from homework whose roll was not called yet to the portal', async () => {
    const { lecturer, cohort, students } = await school.classOf('科比');
    const [kobe] = students;
    const earlier = await school.lesson(cohort.id, 2, '2026-11-14');
    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: earlier.id, scores: [{ studentId: kobe.studentId, score: 90 }] }),
    );
    const portal = 'https://xiaoxin.test/l/studyRecord-undefined';
    expect(await kobe.says('我的成绩')).toContain(`看曲线和评语 ${portal}`);
    expect(await kobe.says('作业')).toMatch(new RegExp(`第 3 节 · 今天 去交 ${portal}\n点「去交」上传`));
  });

  it('says so to a student without a cohort, and is nothing for staff', async () => {
    expect(await (await school.student('路人')).says('我的成绩')).toContain('还没有进班');
    expect(await (await school.lecturer('吴静')).says('我的成绩')).toMatch(/^你用不了「我的成绩」/);
  });
});
