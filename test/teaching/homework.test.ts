import JSZip from 'jszip';
import { describe, expect, it } from 'vitest';
import { MOST_HOMEWORK_BYTES, safeFileName, sniffHomework } from '../../src/teaching/file-kinds.ts';
import { saveScores } from '../../src/teaching/save-scores.ts';
import { NOW, useTeaching } from './teaching-school.ts';

const school = useTeaching();
const bytes = (text: string) => new TextEncoder().encode(text);
const PDF = bytes('%PDF-1.7\n…');
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
const PROGRAM = new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0]);
const ftyp = (brand: string) => new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode(`ftyp${brand}`), 0, 0]);
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
    ['a shell script of the Linux course', 'backup.sh', bytes('#!/bin/sh\necho 1\n'), 'sh'],
    ['text of an old notepad', '说明.txt', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'txt'],
    ['an iPhone’s photograph', 'IMG_1.HEIC', ftyp('heic'), 'heic'],
    ['an iPhone’s film', 'IMG_1.MOV', ftyp('qt  '), 'mov'],
    ['a film', '录屏.mp4', ftyp('isom'), 'mp4'],
    ['a voice memo', '口语.m4a', ftyp('M4A '), 'm4a'],
    ['sound', '口语.mp3', new Uint8Array([0xff, 0xfb, 0x90, 0, 0]), 'mp3'],
    ['sound with a tag', '口语.mp3', new Uint8Array([...bytes('ID3'), 4, 0, 0]), 'mp3'],
    ['a tar', '作业.tar', new Uint8Array([...new Uint8Array(257), ...bytes('ustar')]), 'tar'],
    ['a presentation', '汇报.pptx', ZIP, 'pptx'],
    ['a photograph called jpeg', '1.JPEG', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'jpeg'],
  ])('knows %s by its content', (_, name, content, extension) => {
    expect(sniffHomework(name, Buffer.from(content))?.extension).toBe(extension);
  });

  it.each([
    ['a program called a document', '作业.doc', PROGRAM],
    ['nothing at all', '空.txt', new Uint8Array()],
    ['program of Linux', '作业', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
    ['text that a double click runs', '作业.bat', bytes('del *')],
    ['a packed program called a text', '作业.txt', new Uint8Array([0x4d, 0x5a, ...Array(40).fill(0x90)])],
    ['text with a program’s ending', '作业.exe', bytes('你好')],
    ['script of Windows', '作业.vbs', bytes('MsgBox 1')],
    ['script of PowerShell', '作业.PS1', bytes('echo 1')],
    ['picture with a program’s ending', '照片.jpg.exe', PNG],
    ['ending hidden behind blanks and dots', '作业.cmd. .', bytes('dir')],
    ['ending turned round by an invisible sign', '作业\u202Egpj.scr', bytes('x')],
    ['Java program', '作业.jar', ZIP],
    ['app for a phone', '作业.apk', ZIP],
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
  it('keeps each file with the student’s own record, a second photo beside the first, until it is graded', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const [kobe] = students;
    const visitor = await kobe.visits();
    const path = `/portal/lessons/${lesson.id}/homework`;
    const first = await visitor.upload(path, { name: '作业.pdf', bytes: PDF }, { memo: '第二题不会' });
    expect(first.status).toBe(200);
    const second = await visitor.upload(path, { name: '新的.py', bytes: bytes('print(1)') });
    const { row } = second.body;
    expect(row).toMatchObject({ memo: '第二题不会', graded: false, mayHandIn: true });
    expect(row.files).toMatchObject([{ name: '作业.pdf' }, { name: '新的.py' }]);
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    expect(record.handedInAt).toEqual(school.clock.now());
    const files = `/portal/records/${record.id}/files`;
    const photo = await visitor.upload(files, { name: '照片.png', bytes: PNG });
    expect(photo).toMatchObject({ status: 201, body: { row: { name: '照片.png', size: PNG.length } } });
    expect((await visitor.json('DELETE', `${files}/${photo.body.id}`)).status).toBe(200);
    expect((await visitor.json('DELETE', `${files}/${photo.body.id}`)).status).toBe(404);
    expect(await school.prisma().storedFile.count({ where: { recordId: record.id } })).toBe(2);

    const scores = [{ studentId: kobe.studentId, score: 90 }];
    await lecturer.does((scope) => saveScores(scope, { lessonId: lesson.id, scores }));
    const late = await visitor.upload(path, { name: '晚了.pdf', bytes: PDF });
    expect(late.status).toBe(409);
    expect(late.body.error.code).toBe('graded_already');
    const [file] = row.files;
    expect((await visitor.json('DELETE', `${files}/${file.id}`)).body.error.code).toBe('graded_already');
    expect((await visitor.fetch(`${files}/${file.id}`)).status).toBe(200);

    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: kobe.studentId, score: -1 }] }),
    );
    expect((await visitor.upload(path, { name: '又能加.pdf', bytes: PDF })).status).toBe(200);
  });

  it('takes nine files and 30 MiB in all, of the student’s own record only', async () => {
    const { lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = await Promise.all(students.map((student) => student.visits()));
    await kobe?.upload(`/portal/lessons/${lesson.id}/homework`, { name: '1.png', bytes: PNG });
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const path = `/portal/records/${record.id}/files`;
    expect((await wang?.upload(path, { name: '2.png', bytes: PNG }))?.status).toBe(404);
    for (let nth = 2; nth <= 9; nth += 1)
      expect((await kobe?.upload(path, { name: `${nth}.png`, bytes: PNG }))?.status).toBe(201);
    const tenth = await kobe?.upload(path, { name: '10.png', bytes: PNG });
    expect(tenth).toMatchObject({ status: 409, body: { error: { code: 'too_many_files' } } });

    const other = await school.classOf('郭靖');
    const guo = await other.students[0].visits();
    const most = new Uint8Array(MOST_HOMEWORK_BYTES).fill(0x61);
    const homework = `/portal/lessons/${other.lesson.id}/homework`;
    for (let nth = 0; nth < 3; nth += 1)
      expect((await guo.upload(homework, { name: `${nth}.txt`, bytes: most })).status).toBe(200);
    const over = await guo.upload(homework, { name: '一点.txt', bytes: bytes('a') });
    expect(over).toMatchObject({ status: 413, body: { error: { code: 'files_too_large' } } });
  });

  it('is possible after a grade without a file, and the lecturer hears of it once', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const [kobe] = students;
    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: kobe.studentId, score: 0 }] }),
    );
    school.clock.moveTo('2026-11-21T06:40:00Z');
    const visitor = await kobe.visits();
    const path = `/portal/lessons/${lesson.id}/homework`;
    expect((await visitor.json('GET', `/portal/lessons/${lesson.id}`)).body.row.mayHandIn).toBe(true);
    expect((await visitor.upload(path, { name: '补交.pdf', bytes: PDF })).status).toBe(200);
    expect((await visitor.upload(path, { name: '还有.pdf', bytes: PDF })).status).toBe(200);
    const told = (await school.notices('handedInLate')).filter(({ personId }) => personId === lecturer.id);
    expect(told).toMatchObject([{ data: { student: '科比', score: 'D' } }]);
    const sheet = await (await lecturer.visits()).json('GET', `/lessons/${lesson.id}/scores`);
    expect(sheet.body.rows[0]).toMatchObject({ late: true, score: 0 });

    school.clock.moveTo('2026-11-21T06:50:00Z');
    await lecturer.does((scope) =>
      saveScores(scope, { lessonId: lesson.id, scores: [{ studentId: kobe.studentId, score: 80 }] }),
    );
    expect((await visitor.upload(path, { name: '再补.pdf', bytes: PDF })).body.error.code).toBe('graded_already');
    school.clock.moveTo(NOW);
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
    const account = async ({ id }: { id: number }) =>
      (await school.prisma().person.findUniqueOrThrow({ where: { id } })).username;
    const [, first, second] = students;
    const names = [`王五(${await account(first)}).py`, `王五(${await account(second)}).py`];
    expect(Object.keys(zip.files)).toEqual(['科比.py', ...names]);
    expect(await zip.file(names[1] ?? '')?.async('string')).toBe('print(2)');

    const other = await (await school.lecturer('吴静')).visits();
    expect((await other.json('GET', `/lessons/${lesson.id}/homework.zip`)).status).toBe(403);
  });

  it('can be fetched one by one by those who lead the cohort, never by others', async () => {
    const { tutor, lesson, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    await (await kobe.visits()).upload(`/portal/lessons/${lesson.id}/homework`, { name: '作业.pdf', bytes: PDF });
    const record = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const [file] = await school.prisma().storedFile.findMany({ where: { recordId: record.id } });
    const path = `/study-records/${record.id}/files/${file?.id}`;
    const answer = await (await tutor.visits()).fetch(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect((await (await school.lecturer('吴静')).visits().then((v) => v.json('GET', path))).status).toBe(404);
    expect((await (await wang.visits()).json('GET', path)).status).toBe(403);
    expect((await (await wang.visits()).json('GET', `/portal/records/${record.id}/files/${file?.id}`)).status).toBe(
      404,
    );
  });

  it('of the second 王伟 never goes by the first one’s name, also where only he handed in', async () => {
    const { lecturer, lesson, students } = await school.classOf('王伟', '王伟');
    const [, second] = students;
    const visitor = await second.visits();
    for (const name of ['a.png', 'b.png'])
      await visitor.upload(`/portal/lessons/${lesson.id}/homework`, { name, bytes: PNG });
    const { username } = await school.prisma().person.findUniqueOrThrow({ where: { id: second.id } });
    const answer = await (await lecturer.visits()).fetch(`/lessons/${lesson.id}/homework.zip`);
    const zip = await JSZip.loadAsync(await answer.arrayBuffer());
    expect(Object.keys(zip.files)).toEqual([`王伟(${username})-1.png`, `王伟(${username})-2.png`]);
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
