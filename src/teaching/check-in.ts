import { randomBytes } from 'node:crypto';
import { personOf } from '../kernel/actor.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { codeAt, isCurrent, lessonOf, secondsLeft } from './check-in-code.ts';
import { askAboutDifferences } from './check-in-differs.ts';
import { askAboutSharing } from './check-in-shared.ts';
import { nameCohort, nameLesson } from './cohort-name.ts';
import { refuse } from './phrases.ts';
import { readRoster } from './roster.ts';
import { demandBegun, findLedLesson } from './visibility.ts';

/**
 * Begins to show a lesson's rotating code; a code shown already goes on.
 * @throws Refusal `not_yet`, `not_your_cohort`, `not_found`
 */
export async function startCheckIn(scope: Scope, { lessonId }: { lessonId: number }): Promise<void> {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.attendance', '打开扫码签到');
  demandBegun(lesson, scope.today, '扫码签到');
  const secret = randomBytes(24).toString('base64url');
  await scope.tx.$executeRaw`
    UPDATE "Lesson" SET "checkInSecret" = ${secret}, version = version + 1
    WHERE id = ${lessonId} AND "checkInSecret" IS NULL`;
}

/**
 * Takes the code off the screen; from now on scans and marks can be compared, and where they differ, or several scans
 * came from one browser, the tutor is asked.
 * @throws Refusal `not_your_cohort`, `not_found`
 */
export async function stopCheckIn(scope: Scope, { lessonId }: { lessonId: number }): Promise<void> {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.attendance', '结束扫码签到');
  await endCheckIn(scope, lessonId);
  const roster = await readRoster(scope.tx, lessonId);
  await askAboutSharing(scope, lesson, roster);
  if (lesson.openedAt === null) return;
  await askAboutDifferences(scope, { ...lesson, checkInSecret: null }, roster);
}

async function endCheckIn({ tx }: Scope, lessonId: number): Promise<void> {
  await tx.$executeRaw`UPDATE "Lesson" SET "checkInSecret" = NULL, version = version + 1 WHERE id = ${lessonId}`;
}

/**
 * What the lecturer's screen shows: the code of this moment and who has scanned.
 * @throws Refusal `not_your_cohort`, `not_found`
 */
export async function readCheckIn(scope: Scope, { lessonId }: { lessonId: number }) {
  const { tx, now } = scope;
  const lesson = await findLedLesson(scope, lessonId, 'lessons.attendance', '打开扫码签到');
  const roster = await readRoster(tx, lessonId);
  const { id, number, title, date, cohort, cohortId, checkInSecret } = lesson;
  return {
    lesson: { id, number, title, date, cohort: { id: cohortId, name: cohort } },
    code: checkInSecret === null ? null : codeAt({ id, checkInSecret }, now),
    secondsLeft: secondsLeft(now),
    total: roster.length,
    checkedIn: roster.filter(({ checkedInAt }) => checkedInAt !== null).map(({ name }) => name),
    missing: roster.filter(({ checkedInAt }) => checkedInAt === null).map(({ name }) => name),
  };
}

export type CheckedIn = { lesson: string; cohort: string; at: Date; again: boolean };

/** What is known of the browser that scans: its own cookie, and a mark of its address and name; null where unknown. */
export type ScannedBy = { device?: string | null; browser?: string | null };

/**
 * Notes that a student scanned the lesson's code of this moment, or the one before. Scanning twice is the same scan.
 * @throws Refusal `not_a_student`, `check_in_closed`, `code_old`, `not_yet`, `not_your_lesson`
 */
export async function checkIn(
  scope: Scope,
  { code, device = null, browser = null }: { code: string } & ScannedBy,
): Promise<CheckedIn> {
  const { tx, actor, now } = scope;
  const student = await tx.student.findUnique({ where: { personId: personOf(actor) }, select: { id: true } });
  if (!student) throw refuse.not_a_student();
  const lessonId = lessonOf(code);
  const lesson =
    lessonId === null
      ? null
      : await tx.lesson.findUnique({
          where: { id: lessonId },
          select: {
            id: true,
            number: true,
            date: true,
            checkInSecret: true,
            cohort: { select: { term: true, course: { select: { name: true } } } },
          },
        });
  const { checkInSecret } = lesson ?? {};
  if (!lesson || !checkInSecret) throw refuse.check_in_closed();
  if (!isCurrent(code, { id: lesson.id, checkInSecret }, now)) throw refuse.code_old();
  demandBegun({ number: lesson.number, date: dayFromDb(lesson.date) }, scope.today, '签到');
  const roster = await readRoster(tx, lesson.id);
  const own = roster.find(({ studentId }) => studentId === student.id);
  if (!own) throw refuse.not_your_lesson();
  const made = await tx.$executeRaw`
    INSERT INTO "CheckIn" ("lessonId", "studentId", at, device, browser)
    VALUES (${lesson.id}, ${student.id}, ${now}, ${device}, ${browser})
    ON CONFLICT ("lessonId", "studentId") DO NOTHING`;
  return {
    lesson: nameLesson(lesson),
    cohort: nameCohort(lesson.cohort),
    at: own.checkedInAt ?? now,
    again: made === 0,
  };
}
