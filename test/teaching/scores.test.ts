import { describe, expect, it } from 'vitest';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { refusalOf, useTeaching } from './teaching-school.ts';

const school = useTeaching();

describe('the score sheet', () => {
  it('saves a class together, by letters or numbers, and tells each graded student once', async () => {
    const { lecturer, lesson, students, name } = await school.classOf('科比', '王五', '郭小靖');
    const [kobe, wang, guo] = students.map(({ studentId }) => studentId);
    const visitor = await lecturer.visits();
    const path = `/lessons/${lesson.id}/scores`;
    const scores = [
      { studentId: kobe, score: 'A+', comment: '思路清楚' },
      { studentId: wang, score: 80 },
      { studentId: guo, score: 'N/A' },
    ];
    const saved = await visitor.json('POST', path, { scores });
    expect(saved.status).toBe(200);
    expect(saved.body.changed).toHaveLength(2);
    await visitor.json('POST', path, { scores });

    const sheet = await visitor.json('GET', path);
    expect(sheet.body.rows.map((row: Record<string, unknown>) => [row.name, row.score, row.comment])).toEqual([
      ['科比', 100, '思路清楚'],
      ['王五', 80, null],
      ['郭小靖', -1, null],
    ]);
    const notices = (await school.notices('homeworkGraded')).filter(({ personId }) =>
      students.some(({ id }) => id === personId),
    );
    expect(notices.map(({ personId, data }) => [personId, data])).toEqual([
      [students[0].id, { cohort: name, lesson: '第 3 节', score: 'A+' }],
      [students[1].id, { cohort: name, lesson: '第 3 节', score: 'B' }],
    ]);
    expect(notices[0]).toMatchObject({ entity: 'studyRecord' });
  });

  it('when somebody else graded a student meanwhile, saves nothing and names who and what', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students.map(({ studentId }) => studentId) as [number, number];
    const save = (who: typeof tutor, scores: Parameters<typeof saveScores>[1]['scores']) =>
      who.does((scope) => saveScores(scope, { lessonId: lesson.id, scores }));
    await save(tutor, [{ studentId: kobe, score: 85, seen: -1 }]);
    const refusal = await refusalOf(
      save(lecturer, [
        { studentId: kobe, score: 90, seen: -1 },
        { studentId: wang, score: 90, seen: -1 },
      ]),
    );
    expect(refusal.code).toBe('scores_changed');
    expect(refusal.message).toContain('科比：郑洁改成了B+，你标的是A');
    expect(Object.keys(refusal.fields ?? {})).toEqual([String(kobe)]);
    const records = await school
      .prisma()
      .studyRecord.findMany({ where: { lessonId: lesson.id }, orderBy: { studentId: 'asc' } });
    expect(records.map(({ score }) => score)).toEqual([85, -1]);
  });

  it('when somebody else wrote another comment meanwhile, keeps it and says so', async () => {
    const { lecturer, tutor, lesson, students } = await school.classOf('科比');
    const studentId = students[0].studentId;
    const save = (who: typeof tutor, comment: string, seenComment: string | null) =>
      who.does((scope) =>
        saveScores(scope, { lessonId: lesson.id, scores: [{ studentId, score: 90, comment, seenComment }] }),
      );
    await save(tutor, '写得好', null);
    const refusal = await refusalOf(save(lecturer, '再想想', null));
    expect(refusal.code).toBe('scores_changed');
    expect(refusal.message).toContain('写得好');
  });

  it('refuses what is no score, with the field', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const visitor = await lecturer.visits();
    const { status, body } = await visitor.json('POST', `/lessons/${lesson.id}/scores`, {
      scores: [{ studentId: students[0].studentId, score: 99 }],
    });
    expect(status).toBe(422);
    expect(body.error.fields).toEqual({ 'scores.0.score': '分数写 A+、A、B+ … D、N/A、COPY 或 FAIL' });
  });

  it('is closed to lecturers of other cohorts', async () => {
    const { lesson } = await school.classOf('科比');
    const visitor = await (await school.lecturer('吴静')).visits();
    expect((await visitor.json('GET', `/lessons/${lesson.id}/scores`)).status).toBe(403);
    expect((await visitor.json('POST', `/lessons/${lesson.id}/scores`, { scores: [] })).status).toBe(403);
  });
});
