import { beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { checkIn, readCheckIn, startCheckIn, stopCheckIn } from '../../src/teaching/check-in.ts';
import { codeAt, isCurrent, lessonOf, secondsLeft } from '../../src/teaching/check-in-code.ts';
import { differing } from '../../src/teaching/check-in-differs.ts';
import { closeCheckIns } from '../../src/teaching/jobs.ts';
import { markAttendance } from '../../src/teaching/mark-attendance.ts';
import { readShownCodes } from '../../src/teaching/shown-codes.ts';
import { NOW, refusalOf, useTeaching } from './teaching-school.ts';

const lesson = { id: 42, checkInSecret: 'a secret' };
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 6, 30, second));

describe('the rotating code', () => {
  it.each([
    ['within its own twenty seconds', 0, 19, true],
    ['in the twenty seconds after', 19, 20, true],
    ['to the end of those', 19, 39, true],
    ['no longer', 19, 40, false],
    ['not before its time', 20, 19, false],
  ])('is good %s', (_, shown, scanned, good) => {
    expect(isCurrent(codeAt(lesson, at(shown)), lesson, at(scanned))).toBe(good);
  });

  it('belongs to one lesson and one secret', () => {
    const code = codeAt(lesson, at(0));
    expect(lessonOf(code)).toBe(42);
    expect(isCurrent(code, { ...lesson, id: 43 }, at(0))).toBe(false);
    expect(isCurrent(code, { ...lesson, checkInSecret: 'another' }, at(0))).toBe(false);
    expect(secondsLeft(at(0))).toBe(20);
    expect(secondsLeft(at(19))).toBe(1);
  });

  it.each(['', 'x', '-', '16-', '../../x', '16-§'])('is not %j', (code) => {
    expect(lessonOf(code)).toBeNull();
  });
});

describe('differing', () => {
  const roster = (list: [string, 'present' | 'late' | 'absent' | 'excused' | 'leftEarly', boolean][]) =>
    list.map(([name, attendance, scanned]) => ({ name, attendance, checkedInAt: scanned ? at(0) : null }));

  it('names who scanned and is marked away, and who is marked there without a scan', () => {
    const found = differing(
      roster([
        ['科比', 'present', true],
        ['王五', 'absent', true],
        ['郭小靖', 'late', false],
        ['黄小蓉', 'excused', false],
        ['段誉明', 'leftEarly', true],
      ]),
    );
    expect(found.map(({ name }) => name)).toEqual(['王五', '郭小靖']);
  });

  it('finds nothing where nobody scanned: no code was shown', () => {
    expect(differing(roster([['科比', 'present', false]]))).toEqual([]);
  });
});

describe('scanning oneself in', () => {
  const school = useTeaching();
  beforeEach(() => school.clock.moveTo(NOW));

  it('counts the first scan of a code that is shown now, by students of the lesson', async () => {
    const { lecturer, lesson: today, students } = await school.classOf('科比', '王五');
    const [kobe, wang] = students;
    const lessonId = today.id;
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const { code } = await lecturer.does((scope) => readCheckIn(scope, { lessonId }));
    expect(await kobe.does((scope) => checkIn(scope, { code: code ?? '' }))).toMatchObject({ again: false });
    school.clock.moveTo('2026-11-21T06:30:25Z');
    expect(await kobe.does((scope) => checkIn(scope, { code: code ?? '' }))).toMatchObject({
      again: true,
      at: new Date(NOW),
    });
    school.clock.moveTo('2026-11-21T06:30:40Z');
    expect((await refusalOf(wang.does((scope) => checkIn(scope, { code: code ?? '' })))).code).toBe('code_old');
    const { checkedIn, missing } = await lecturer.does((scope) => readCheckIn(scope, { lessonId }));
    expect([checkedIn, missing]).toEqual([['科比'], ['王五']]);
  });

  it('is refused to lecturers, students of other cohorts, and once the code is taken away', async () => {
    const { lecturer, lesson: today } = await school.classOf('科比');
    const other = await school.classOf('路人');
    const lessonId = today.id;
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const code = (await lecturer.does((scope) => readCheckIn(scope, { lessonId }))).code ?? '';
    const refused = async (who: (typeof other)['students'][number] | typeof lecturer) =>
      (await refusalOf(who.does((scope) => checkIn(scope, { code })))).code;
    expect(await refused(lecturer)).toBe('not_a_student');
    const [stranger] = other.students;
    if (stranger) expect(await refused(stranger)).toBe('not_your_lesson');
    await lecturer.does((scope) => stopCheckIn(scope, { lessonId }));
    if (stranger) expect(await refused(stranger)).toBe('check_in_closed');
    expect((await refusalOf(other.lecturer.does((scope) => startCheckIn(scope, { lessonId })))).code).toBe(
      'not_your_cohort',
    );
  });

  it('asks the tutor one question where marks and scans differ, when the code is gone', async () => {
    const { lecturer, tutor, lesson: today, students, name } = await school.classOf('科比', '王五', '郭小靖');
    const lessonId = today.id;
    const [kobe, wang] = students.map(({ studentId }) => studentId) as [number, number];
    const mark = (studentId: number, attendance: 'absent' | 'present') =>
      lecturer.does((scope) => markAttendance(scope, { lessonId, marks: [{ studentId, attendance }] }));
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const code = (await lecturer.does((scope) => readCheckIn(scope, { lessonId }))).code ?? '';
    await students[0].does((scope) => checkIn(scope, { code }));
    await mark(kobe, 'absent');
    const asked = async () => (await school.notices('checkInDiffers')).filter(({ entityId }) => entityId === lessonId);
    expect(await asked()).toEqual([]);

    await lecturer.does((scope) => stopCheckIn(scope, { lessonId }));
    expect(await asked()).toMatchObject([
      { personId: tutor.id, data: { cohort: name, lesson: '第 3 节', day: '今天', names: ['科比', '王五', '郭小靖'] } },
    ]);
    await mark(wang, 'absent');
    expect(await asked()).toHaveLength(1);
  });

  it('stands among the codes on screens while it is shown', async () => {
    const { lecturer, lesson: today, students, name } = await school.classOf('科比');
    const lessonId = today.id;
    const shown = () => lecturer.does((scope) => readShownCodes(scope, 'https://xiaoxin.test'));
    const mine = async () => (await shown()).filter(({ title }) => title === `签到码 ${name} 第 3 节`);
    expect(await mine()).toEqual([]);
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const [{ url, secondsLeft: left } = { url: '', secondsLeft: 0 }] = await mine();
    expect(left).toBeGreaterThan(0);
    const code = url.replace('https://xiaoxin.test/check-in/', '');
    expect(await students[0].does((scope) => checkIn(scope, { code }))).toMatchObject({ again: false });
    await lecturer.does((scope) => stopCheckIn(scope, { lessonId }));
    expect(await mine()).toEqual([]);
  });

  it('asks by itself in the evening where a code was left on the screen', async () => {
    const { lecturer, lesson: today, students } = await school.classOf('科比', '王五');
    const lessonId = today.id;
    await lecturer.does((scope) => startCheckIn(scope, { lessonId }));
    const code = (await lecturer.does((scope) => readCheckIn(scope, { lessonId }))).code ?? '';
    await students[0].does((scope) => checkIn(scope, { code }));
    await lecturer.does((scope) => markAttendance(scope, { lessonId, marks: [] }));
    const run = () =>
      school.inTransaction(systemActor, 'job', (scope) =>
        closeCheckIns.run(scope, { dueAt: new Date(NOW), limit: 50 }),
      );
    while ((await run()) > 0);
    const asked = (await school.notices('checkInDiffers')).filter(({ entityId }) => entityId === lessonId);
    expect(asked).toMatchObject([{ data: { names: ['王五'] } }]);
  });

  it('works by the address behind the code, and sends whoever is not signed in to sign in first', async () => {
    const { lecturer, lesson: today, students } = await school.classOf('科比');
    const visitor = await lecturer.visits();
    const on = await visitor.json('POST', `/lessons/${today.id}/check-in`, { on: true });
    expect(on.body).toMatchObject({ on: true, total: 1, checkedIn: [] });
    expect(on.body.svg).toContain('<svg');
    const path = new URL(on.body.url).pathname;
    const kobe = await students[0].visits();
    const page = await kobe.fetch(path);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('签到好了');
    const nobody = await fetch(`${school.base()}${path}`, { redirect: 'manual' });
    expect(nobody.headers.get('location')).toBe(`/login?next=${encodeURIComponent(path)}`);
  });

  it('needs no password in WeChat: the phone’s owner is known, and strangers are told how to bind', async () => {
    const { lecturer, lesson: today, students } = await school.classOf('科比', '王五');
    const visitor = await lecturer.visits();
    const { body } = await visitor.json('POST', `/lessons/${today.id}/check-in`, { on: true });
    const path = new URL(body.url).pathname;
    const scanned = await school.scansInWechat(`openid-${students[1].id}`, path);
    expect([scanned.status, scanned.text.includes('签到好了')]).toEqual([200, true]);
    const stranger = await school.scansInWechat('openid-of-nobody', path);
    expect([stranger.status, stranger.text.includes('还没绑定校信')]).toEqual([403, true]);
    const { checkedIn } = await lecturer.does((scope) => readCheckIn(scope, { lessonId: today.id }));
    expect(checkedIn).toEqual(['王五']);
  });
});
