import { refuse as refuseChat } from '../chat/phrases.ts';
import type { Attendance } from '../generated/prisma/client.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { askAboutDifferences } from './check-in-differs.ts';
import { SHORT_ATTENDANCES } from './choices.ts';
import { makeRecords } from './open-attendance.ts';
import { perStudent, refuse } from './phrases.ts';
import { type Counts, countAttendances, readRoster } from './roster.ts';
import { demandBegun, findLedLesson, type LedLesson } from './visibility.ts';
import { lastChangers } from './who-changed.ts';

/** One student's attendance; `seen` is what the marker had before their eyes. */
export type Mark = { studentId: number; attendance: Attendance; seen?: Attendance | undefined };

export type MarkedStudent = {
  studentId: number;
  recordId: number;
  name: string;
  from: Attendance;
  to: Attendance;
  /** The record's version after the change. */
  version: number;
};

export type Marked = { lesson: LedLesson; changed: MarkedStudent[]; counts: Counts };

type Locked = { recordId: number; studentId: number; name: string; attendance: Attendance; version: number };

/**
 * Marks a lesson's attendance, all or nothing: by the link, the table or chat. Opens it where that has not happened;
 * marks that are so already change nothing. Where somebody else changed a student since the marker looked (`seen`),
 * nothing is overwritten. Only who gives the lesson, the cohort's lecturers and tutor, and administrators.
 * @throws Refusal `attendance_conflict` naming the students with both values, `not_in_lesson`, `not_yet`, `not_your_cohort`, `not_found`
 */
export async function markAttendance(
  scope: Scope,
  { lessonId, marks }: { lessonId: number; marks: readonly Mark[] },
): Promise<Marked> {
  const lesson = await findLedLesson(scope, lessonId, 'lessons.attendance', '点名');
  demandBegun(lesson, scope.today, '点名');
  await makeRecords(scope, [lessonId]);
  const wanted = new Map(marks.map((mark) => [mark.studentId, mark]));
  const locked = await lockRecords(scope.tx, lessonId, [...wanted.keys()]);
  if (locked.length < wanted.size) throw refuse.not_in_lesson({ names: await missingNames(scope.tx, wanted, locked) });
  await refuseConflicts(scope, locked, wanted);

  const changes = locked.flatMap((record) => {
    const to = wanted.get(record.studentId)?.attendance;
    return to && to !== record.attendance ? [{ ...record, to }] : [];
  });
  await writeMarks(scope, changes);
  await noteMarked(
    scope,
    lessonId,
    locked.map(({ recordId }) => recordId),
  );
  const roster = await readRoster(scope.tx, lessonId);
  await askAboutDifferences(scope, lesson, roster);
  const called = new Map(roster.map((attendee) => [attendee.studentId, attendee.called]));
  return {
    lesson: { ...lesson, openedAt: lesson.openedAt ?? scope.now },
    changed: changes.map(({ recordId, studentId, name, attendance, to, version }) => ({
      studentId,
      recordId,
      name: called.get(studentId) ?? name,
      from: attendance,
      to,
      version: version + 1,
    })),
    counts: countAttendances(roster),
  };
}

/** Locked in one order for everybody, so that two who mark at once wait for each other and then see what the first did. */
async function lockRecords(tx: Tx, lessonId: number, studentIds: readonly number[]): Promise<Locked[]> {
  return tx.$queryRaw<Locked[]>`
    SELECT r.id AS "recordId", r."studentId", p.name, r.attendance::text AS attendance, r.version
    FROM "StudyRecord" r JOIN "Student" s ON s.id = r."studentId" JOIN "Person" p ON p.id = s."personId"
    WHERE r."lessonId" = ${lessonId} AND r."studentId" = ANY(${[...studentIds]}::int[])
    ORDER BY r."studentId" FOR NO KEY UPDATE OF r`;
}

async function refuseConflicts(scope: Scope, locked: readonly Locked[], wanted: ReadonlyMap<number, Mark>) {
  const conflicting = locked.filter(({ studentId, attendance }) => {
    const mark = wanted.get(studentId);
    return mark?.seen !== undefined && mark.seen !== attendance && mark.attendance !== attendance;
  });
  if (conflicting.length === 0) return;
  const changers = await lastChangers(
    scope.tx,
    conflicting.map(({ recordId }) => recordId),
    'attendance',
  );
  const conflicts = conflicting.map(({ recordId, studentId, name, attendance }) => ({
    studentId,
    name,
    now: SHORT_ATTENDANCES[attendance],
    mine: SHORT_ATTENDANCES[wanted.get(studentId)?.attendance ?? 'present'],
    by: changers.get(recordId) ?? null,
  }));
  throw perStudent(refuse.attendance_conflict({ conflicts }), conflicts);
}

async function writeMarks({ tx, now }: Scope, changes: readonly { recordId: number; to: Attendance }[]) {
  if (changes.length === 0) return;
  const rows = JSON.stringify(changes.map(({ recordId, to }) => ({ id: recordId, attendance: to })));
  await tx.$executeRaw`
    UPDATE "StudyRecord" r SET attendance = w.attendance::"Attendance", version = r.version + 1, "updatedAt" = ${now}
    FROM jsonb_to_recordset(${rows}::jsonb) AS w(id int, attendance text) WHERE r.id = w.id`;
}

/** That the roll was called, and that these students were marked in it, as present too. */
async function noteMarked({ tx, now }: Scope, lessonId: number, recordIds: readonly number[]): Promise<void> {
  await tx.$executeRaw`UPDATE "Lesson" SET "calledAt" = ${now} WHERE id = ${lessonId} AND "calledAt" IS NULL`;
  await tx.$executeRaw`
    UPDATE "StudyRecord" SET "markedAt" = ${now} WHERE id = ANY(${[...recordIds]}::int[]) AND "markedAt" IS NULL`;
}

async function missingNames(tx: Tx, wanted: ReadonlyMap<number, Mark>, locked: readonly Locked[]): Promise<string[]> {
  const missing = [...wanted.keys()].filter((id) => !locked.some(({ studentId }) => studentId === id));
  const students = await tx.student.findMany({
    where: { id: { in: missing } },
    select: { id: true, person: { select: { name: true } } },
  });
  return missing.map((id) => students.find((student) => student.id === id)?.person.name ?? `编号 ${id}`);
}

/** What taking marks back needs. */
export type MarksKept = { recordId: number; from: Attendance; version: number }[];

/**
 * Takes marks back: everybody is again what they were before. The version goes back too, so that the change before can
 * be taken back as well.
 * @throws Refusal `changed_since` where something later touched one of the records
 */
export async function undoMarks(
  { tx, now }: Scope,
  kept: MarksKept,
): Promise<{ restored: { name: string; attendance: Attendance }[] }> {
  const rows = JSON.stringify(kept);
  const restored = await tx.$queryRaw<{ name: string; attendance: Attendance }[]>`
    UPDATE "StudyRecord" r SET attendance = k."from"::"Attendance", version = r.version - 1, "updatedAt" = ${now}
    FROM jsonb_to_recordset(${rows}::jsonb) AS k("recordId" int, "from" text, version int), "Student" s, "Person" p
    WHERE r.id = k."recordId" AND r.version = k.version AND s.id = r."studentId" AND p.id = s."personId"
    RETURNING p.name, r.attendance::text AS attendance`;
  if (restored.length < kept.length) throw refuseChat.changed_since({ what: '这次点名' });
  return { restored };
}
