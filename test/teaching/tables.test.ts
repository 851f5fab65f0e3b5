import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { announceLessons } from '../../src/teaching/jobs.ts';
import { openAttendance } from '../../src/teaching/open-attendance.ts';
import { NOW, TODAY, useTeaching } from './teaching-school.ts';

const school = useTeaching();

describe('campuses, courses and cohorts', () => {
  it('are added, changed and deleted by administrators, with relations by name', async () => {
    const admin = await (await school.admin()).visits();
    const zhang = await school.lecturer('张伟');
    const campus = await admin.json('POST', '/campuses', { name: '深圳', address: '南山区' });
    expect(campus.status).toBe(201);
    const course = await admin.json('POST', '/courses', {
      name: '前端开发',
      weeks: 20,
      listPrice: 16800,
      outline: '先页面，再交互',
      lecturerIds: [zhang.id],
    });
    expect(course.body.row).toMatchObject({
      name: '前端开发',
      listPrice: 16800,
      active: true,
      lecturers: [{ id: zhang.id, name: '张伟' }],
    });
    const body = {
      campusId: campus.body.row.id,
      courseId: course.body.row.id,
      term: 9,
      price: 15800.5,
      startsOn: '2026-11-01',
      lecturerIds: [zhang.id],
    };
    const cohort = await admin.json('POST', '/cohorts', body);
    expect(cohort.body.row).toMatchObject({
      name: '前端开发(9期)',
      campus: { name: '深圳' },
      price: 15800.5,
      startsOn: '2026-11-01',
      graduatesOn: null,
      lecturers: [{ name: '张伟' }],
      tutor: null,
      students: 0,
    });
    expect((await admin.json('POST', '/cohorts', body)).body.error.code).toBe('cohort_known');
    expect((await admin.json('POST', '/courses', { name: '前端开发' })).status).toBe(409);
    const id = cohort.body.row.id;
    const changed = await admin.json('PATCH', `/cohorts/${id}`, { tutorId: zhang.id, memo: '晚班' });
    expect(changed.body.row).toMatchObject({ tutor: { name: '张伟' }, memo: '晚班', price: 15800.5 });
    const backwards = await admin.json('PATCH', `/cohorts/${id}`, { graduatesOn: '2026-10-01' });
    expect(backwards.body.error.fields).toEqual({ graduatesOn: '结业日期要在开班日期之后' });
    expect((await admin.json('DELETE', `/courses/${course.body.row.id}`)).status).toBe(409);
    expect((await admin.json('DELETE', `/cohorts/${id}`)).status).toBe(200);
    expect((await admin.json('DELETE', `/courses/${course.body.row.id}`)).status).toBe(200);
    expect((await admin.json('DELETE', `/campuses/${campus.body.row.id}`)).status).toBe(200);
  });

  it('campuses and courses are read by all staff, cohorts only by those who lead them or enrol into them', async () => {
    const { lecturer, cohort } = await school.classOf('科比');
    const other = await (await school.lecturer('吴静')).visits();
    const consultant = await (await school.consultant('李娜')).visits();
    for (const visitor of [other, consultant])
      for (const path of ['/campuses', '/courses']) expect((await visitor.json('GET', path)).status).toBe(200);
    const seen = async (visitor: typeof other) =>
      (await visitor.json('GET', '/cohorts')).body.rows.some(({ id }: { id: number }) => id === cohort.id);
    expect(await seen(await lecturer.visits())).toBe(true);
    expect(await seen(other)).toBe(false);
    expect(await seen(consultant)).toBe(true);
    expect((await other.json('POST', '/courses', { name: '新课' })).status).toBe(403);
  });
});

describe('lessons', () => {
  it('need a cohort and a number; the day is today, the lecturer the adder or the cohort’s first', async () => {
    const [zhang, wu] = [await school.lecturer('张伟'), await school.lecturer('吴静')];
    const cohort = await school.cohort({ lecturers: [zhang, wu] });
    const own = await (await wu.visits()).json('POST', '/lessons', { cohortId: cohort.id, number: 1 });
    expect(own.status).toBe(201);
    expect(own.body.row).toMatchObject({
      date: TODAY,
      lecturer: { name: '吴静' },
      hasHomework: true,
      cohort: { id: cohort.id },
    });
    const admin = await (await school.admin()).visits();
    const first = await admin.json('POST', '/lessons', {
      cohortId: cohort.id,
      number: 2,
      date: '2026-11-28',
      hasHomework: false,
    });
    expect(first.body.row).toMatchObject({ date: '2026-11-28', lecturer: { name: '张伟' }, hasHomework: false });
    expect((await admin.json('POST', '/lessons', { cohortId: cohort.id, number: 2 })).body.error.code).toBe(
      'lesson_number_taken',
    );
    expect((await admin.json('POST', '/lessons', { cohortId: cohort.id })).body.error.fields).toHaveProperty('number');
    const stranger = await (await school.lecturer('郑洁')).visits();
    expect((await stranger.json('POST', '/lessons', { cohortId: cohort.id, number: 3 })).status).toBe(403);
    expect(await stranger.json('PATCH', `/lessons/${own.body.row.id}`, { title: '改' })).toMatchObject({
      status: 404,
      body: { error: { message: '没有找到这条记录，可能已被删除，或者不归你看' } },
    });
    const renamed = await (await zhang.visits()).json('PATCH', `/lessons/${own.body.row.id}`, {
      title: '循环',
      date: '2026-11-22',
    });
    expect(renamed.body.row).toMatchObject({ title: '循环', date: '2026-11-22', number: 1 });
  });

  it('are deleted only while nobody was marked', async () => {
    const { lecturer, lesson, students } = await school.classOf('科比');
    const visitor = await lecturer.visits();
    await visitor.json('POST', `/lessons/${lesson.id}/attendance`, {
      marks: [{ studentId: students[0].studentId, attendance: 'late' }],
    });
    expect((await visitor.json('DELETE', `/lessons/${lesson.id}`)).body.error.code).toBe('lesson_taught');
  });

  it('answer in HTML too: lists, records, forms, roll call, sheet and check-in', async () => {
    const { lecturer, lesson, cohort } = await school.classOf('科比');
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id] }));
    const { id } = await school.prisma().studyRecord.findFirstOrThrow({ where: { lessonId: lesson.id } });
    const visitor = await lecturer.visits();
    const paths = [
      ...['/cohorts', '/lessons', '/study-records', '/students', '/campuses', '/courses'],
      ...[
        `/cohorts/${cohort.id}`,
        `/lessons/${lesson.id}`,
        `/study-records/${id}`,
        '/lessons/new',
        `/lessons/${lesson.id}/edit`,
      ],
      ...['attendance', 'scores', 'check-in'].map((page) => `/lessons/${lesson.id}/${page}`),
      `/study-records?q=科比&attendance=已签到&score=N/A&cohortId=${cohort.id}&sort=-score`,
      `/cohorts?q=${encodeURIComponent('Python(9期)')}&sort=name`,
      '/lessons?sort=cohort&q=Python',
    ];
    for (const path of paths) {
      const page = await visitor.fetch(encodeURI(decodeURI(path)), { headers: { Accept: 'text/html' } });
      expect([path, page.status]).toEqual([path, 200]);
    }
  });
});

describe('students', () => {
  it('get an account with a one-time password, cohorts, and a day of joining', async () => {
    const admin = await (await school.admin()).visits();
    const cohort = await school.cohort();
    const made = await admin.json('POST', '/students', {
      name: '令狐川',
      username: 'linghu',
      phone: '13800138000',
      cohortIds: [cohort.id],
      joinedOn: '2026-11-14',
    });
    expect(made.status).toBe(201);
    expect(made.body.row).toMatchObject({
      name: '令狐川',
      username: 'linghu',
      joinedOn: '2026-11-14',
      cohorts: [{ id: cohort.id }],
    });
    expect(made.body.message).toMatch(/一次性密码 \S{12}/);
    expect((await admin.json('POST', '/students', { name: '又一个', username: 'linghu' })).status).toBe(409);
    const { id } = made.body.row;
    const left = await admin.json('PATCH', `/students/${id}`, { cohortIds: [] });
    expect(left.body.row.cohorts).toEqual([]);
    const back = await admin.json('POST', '/students/actions/join-cohort', {
      ids: [id],
      cohortId: cohort.id,
      joinedOn: '2026-11-20',
    });
    expect(back.status).toBe(200);
    expect((await admin.json('GET', `/students/${id}`)).body.row).toMatchObject({
      joinedOn: '2026-11-20',
      cohorts: [{ id: cohort.id }],
    });
  });

  it('who leave lose the records of later lessons that nobody touched', async () => {
    const { lecturer, cohort, lesson, students } = await school.classOf('科比');
    const later = await school.lesson(cohort.id, 9, '2026-12-01');
    await lecturer.does((scope) => openAttendance(scope, { lessonIds: [lesson.id, later.id] }));
    const admin = await (await school.admin()).visits();
    await admin.json('POST', '/students/actions/leave-cohort', {
      ids: [students[0].studentId],
      cohortId: cohort.id,
      leftOn: TODAY,
    });
    expect(await school.attendanceOf(lesson.id)).toEqual({ 科比: 'present' });
    expect(await school.attendanceOf(later.id)).toEqual({});
  });

  it('are offered on their page what fits how they stand', async () => {
    const { students } = await school.classOf('科比');
    const [{ studentId }] = students;
    const admin = await (await school.admin()).visits();
    const offered = async () => {
      const page = await admin.fetch(`/students/${studentId}`, { headers: { Accept: 'text/html' } });
      const text = await page.text();
      return ['离班', '停用账号', '恢复账号'].filter((title) => text.includes(title));
    };
    expect(await offered()).toEqual(['离班', '停用账号']);
    await admin.json('POST', '/students/actions/deactivate', { ids: [studentId] });
    expect(await offered()).toEqual(['离班', '恢复账号']);
  });

  it('are seen by those who lead their cohort and by the consultant whose customer they were', async () => {
    const { tutor, students } = await school.classOf('科比');
    const [li, wang] = [await school.consultant('李娜'), await school.consultant('王强')];
    const customer = await school.customer('科比', li);
    await school.prisma().student.update({ where: { id: students[0].studentId }, data: { customerId: customer.id } });
    const seen = async (who: typeof li) =>
      (await (await who.visits()).json('GET', `/students/${students[0].studentId}`)).status;
    expect(await seen(tutor)).toBe(200);
    expect(await seen(li)).toBe(200);
    expect(await seen(wang)).toBe(404);
    expect(
      (await (await tutor.visits()).json('PATCH', `/students/${students[0].studentId}`, { name: '别的' })).status,
    ).toBe(403);
  });
});

describe('the morning’s notice', () => {
  const run = (dueAt: string) =>
    school.inTransaction(systemActor, 'job', (scope) =>
      announceLessons.run(scope, { dueAt: new Date(dueAt), limit: 1000 }),
    );

  it('goes to lecturer and tutor of today’s lessons once, and leads to the roll call', async () => {
    const { lecturer, tutor, lesson, name } = await school.classOf('科比');
    await run(NOW);
    await run(NOW);
    const sent = (await school.notices('lessonToday')).filter(({ entityId }) => entityId === lesson.id);
    expect(sent.map(({ personId }) => personId)).toEqual([lecturer.id, tutor.id]);
    expect(sent[0]).toMatchObject({
      entity: 'lesson',
      urgent: true,
      data: { cohort: name, lesson: '第 3 节', day: '今天' },
    });
  });

  it('is not sent late for a day that is over', async () => {
    const { lesson } = await school.classOf('科比');
    await run('2026-11-20T00:00:00Z');
    expect((await school.notices('lessonToday')).filter(({ entityId }) => entityId === lesson.id)).toEqual([]);
  });
});
