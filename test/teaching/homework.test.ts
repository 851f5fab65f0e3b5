import JSZip from 'jszip';
import { describe, expect, it } from 'vitest';
import { MOST_HOMEWORK_BYTES, safeFileName, sniffHomework } from '../../src/teaching/file-kinds.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { useTeaching } from './teaching-school.ts';

const school = useTeaching();
const bytes = (text: string) => new TextEncoder().encode(text);
const PDF = bytes('%PDF-1.7\n…');
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
const PROGRAM = new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0]);
const ZIP = new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0]);

describe('sniffHomework', () => {
  it.each([
    ['a PDF', '作业.pdf', PDF, 'pdf'],
    ['a PDF called a picture', '作业.png', PDF, 'pdf'],
    ['a picture', '截图.PNG', PNG, 'png'],
    ['a zip', '作业.zip', ZIP, 'zip'],
    ['a Word document', '作业.docx', ZIP, 'docx'],
    ['code', 'main.py', bytes('print("你好")\n'), 'py'],
    ['text without an extension', 'README', bytes('说明'), 'txt'],
  ])('knows %s by its content', (_, name, content, extension) => {
    expect(sniffHomework(name, Buffer.from(content))?.extension).toBe(extension);
  });

  it.each([
    ['a program called a document', '作业.doc', PROGRAM],
    ['nothing at all', '空.txt', new Uint8Array()],
  ])('takes no %s', (_, name, content) => {
    expect(sniffHomework(name, Buffer.from(content))).toBeNull();
  });

  it.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a:b*c?.txt', 'a_b_c_.txt'],
    ['...', '未命名'],
  ])('lays %s safely into a folder', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });
});

describe('handing in', () => {
  it('keeps the file with the student’s own record, replaces it until it is graded, and then no more', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const [kobe] = students;
    const visitor = await kobe.visits();
    const path = `/portal/lessons/${lesson.id}/homework`;
    const first = await visitor.upload(path, { name: '作业.pdf', bytes: PDF }, { memo: '第二题不会' });
    expect(first.status).toBe(200);
    const second = await visitor.upload(path, { name: '新的.py', bytes: bytes('print(1)') });
    const { row } = second.body;
    expect(row).toMatchObject({ memo: '第二题不会', graded: false, file: { name: '新的.py' } });
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    expect(record.handedInAt).toEqual(school.clock.now());
    expect(await school.prisma().storedFile.count({ where: { record: { lessonId: lesson.id } } })).toBe(1);

    const scores = [{ studentId: kobe.studentId, score: 90 }];
    await lecturer.does((scope) => saveScores(scope, { lessonId: lesson.id, scores }));
    const late = await visitor.upload(path, { name: '晚了.pdf', bytes: PDF });
    expect(late.status).toBe(409);
    expect(late.body.error.code).toBe('graded_already');

    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: kobe.studentId, score: -1 }] }),
    );
    expect((await visitor.upload(path, { name: '又能换.pdf', bytes: PDF })).status).toBe(200);
  });

  it('refuses programs, what is too large, and no file at all', async () => {
    const { lesson, students } = await school.classOf('科比');
    const visitor = await students[0].visits();
    const path = `/portal/lessons/${lesson.id}/homework`;
    expect((await visitor.upload(path, { name: '作业.doc', bytes: PROGRAM })).status).toBe(415);
    const large = new Uint8Array(MOST_HOMEWORK_BYTES + 1).fill(0x61);
    expect((await visitor.upload(path, { name: '大.txt', bytes: large })).status).toBe(413);
    const most = new Uint8Array(MOST_HOMEWORK_BYTES).fill(0x61);
    expect((await visitor.upload(path, { name: '刚好.txt', bytes: most })).status).toBe(200);
    const empty = await visitor.fetch(path, {
      method: 'POST',
      body: new FormData(),
      headers: { Accept: 'application/json', 'x-csrf-token': 'csrf' },
    });
    expect(empty.status).toBe(422);
  });

  it('is for the students of the lesson only, and only where there is homework', async () => {
    const { lesson, cohort, students } = await school.classOf('科比');
    const stranger = await (await school.student('路人')).visits();
    const path = `/portal/lessons/${lesson.id}/homework`;
    expect((await stranger.upload(path, { name: '作业.pdf', bytes: PDF })).status).toBe(404);
    expect((await stranger.json('GET', `/portal/lessons/${lesson.id}`)).status).toBe(404);
    const without = await school.lesson(cohort.id, 9, '2026-11-20', { hasHomework: false });
    const visitor = await students[0].visits();
    expect(
      (await visitor.upload(`/portal/lessons/${without.id}/homework`, { name: '作业.pdf', bytes: PDF })).status,
    ).toBe(409);
  });
});

describe('the class’s homework', () => {
  it('comes as one zip named by student, two of one name told apart', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比', '王五', '王五');
    for (const [index, student] of students.entries()) {
      const visitor = await student.visits();
      await visitor.upload(`/portal/lessons/${lesson.id}/homework`, {
        name: `a${index}.py`,
        bytes: bytes(`print(${index})`),
      });
    }
    const visitor = await lecturer.visits();
    const answer = await visitor.fetch(`/lessons/${lesson.id}/homework.zip`);
    expect(answer.status).toBe(200);
    expect(decodeURIComponent(answer.headers.get('content-disposition') ?? '')).toContain('第 3 节-作业.zip');
    const zip = await JSZip.loadAsync(await answer.arrayBuffer());
    expect(Object.keys(zip.files)).toEqual(['科比.py', '王五.py', '王五 (2).py']);
    expect(await zip.file('王五 (2).py')?.async('string')).toBe('print(2)');

    const other = await (await school.lecturer('吴静')).visits();
    expect((await other.json('GET', `/lessons/${lesson.id}/homework.zip`)).status).toBe(403);
  });

  it('can be fetched one by one by those who lead the cohort, never by others', async () => {
    const { tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    await (await kobe.visits()).upload(`/portal/lessons/${lesson.id}/homework`, { name: '作业.pdf', bytes: PDF });
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const path = `/study-records/${record.id}/homework`;
    const answer = await (await tutor.visits()).fetch(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect((await (await school.lecturer('吴静')).visits().then((v) => v.json('GET', path))).status).toBe(404);
    expect((await (await wang.visits()).json('GET', path)).status).toBe(403);
    expect((await (await wang.visits()).json('GET', `/portal/lessons/${lesson.id}/homework`)).status).toBe(404);
  });

  it('is a link in the notice that brings the student to the lesson and staff to the record', async () => {
    const { tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    await (await kobe.visits()).upload(`/portal/lessons/${lesson.id}/homework`, { name: '作业.pdf', bytes: PDF });
    const { id } = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const to = async (who: typeof kobe) =>
      (await (await who.visits()).fetch(`/portal/records/${id}`)).headers.get('location');
    expect(await to(kobe)).toBe(`/portal/lessons/${lesson.id}`);
    expect((await (await tutor.visits()).fetch(`/portal/records/${id}`)).headers.get('location')).toBe(
      `/study-records/${id}`,
    );
    expect((await (await wang.visits()).fetch(`/portal/records/${id}`)).status).toBe(404);
  });
});
