import type { Scope } from '../kernel/scope.ts';
import type { TimelineEntry } from '../web/define-table.ts';
import { ATTENDANCES, sayScore } from './choices.ts';

const MOST = 60;

type Change = { at: Date; actorId: number | null; entityId: number; channel: string; before: unknown; after: unknown };

/** What was changed in a lesson's records, in words, newest first: 张伟：科比 已签到 → 迟到. */
export async function readLessonTimeline(scope: Scope, lessonId: number): Promise<readonly TimelineEntry[]> {
  const records = await scope.tx.studyRecord.findMany({ where: { lessonId }, select: { id: true } });
  return readChanges(
    scope,
    records.map(({ id }) => id),
    true,
  );
}

/** What was changed in one study record: who, when, through which door and what it was before. */
export async function readRecordTimeline(scope: Scope, id: number): Promise<readonly TimelineEntry[]> {
  return readChanges(scope, [id], false);
}

const CHANNELS: Readonly<Record<string, string>> = { chat: '微信里', bot: '机器人里', import: '导入时' };

async function readChanges({ tx, time }: Scope, ids: readonly number[], named: boolean): Promise<TimelineEntry[]> {
  const changes: Change[] = await tx.auditEntry.findMany({
    where: { entity: 'StudyRecord', entityId: { in: [...ids] }, action: 'edit' },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  const students = await tx.studyRecord.findMany({
    where: { id: { in: changes.map(({ entityId }) => entityId) } },
    select: { id: true, student: { select: { person: { select: { name: true } } } } },
  });
  const actors = await tx.person.findMany({
    where: { id: { in: changes.flatMap(({ actorId }) => actorId ?? []) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(students.map(({ id, student }) => [id, student.person.name]));
  return changes.flatMap(({ at, actorId, entityId, channel, before, after }) => {
    const what = sayChange(asRecord(before), asRecord(after));
    if (what === '') return [];
    const by = actors.find(({ id }) => id === actorId)?.name ?? '系统';
    const student = nameOf.get(entityId) ?? '';
    // What students do themselves needs their name once.
    const text =
      student === by ? `${by}${what}` : `${by}${CHANNELS[channel] ?? ''}：${named ? `${student} ` : ''}${what}`;
    return [{ day: time.dayOf(at), text, kind: 'change' }];
  });
}

function sayChange(before: Record<string, unknown>, after: Record<string, unknown>): string {
  const said: string[] = [];
  if ('attendance' in before) said.push(`${sayAttendance(before.attendance)} → ${sayAttendance(after.attendance)}`);
  if ('score' in before) said.push(`成绩 ${sayScore(Number(before.score))} → ${sayScore(Number(after.score))}`);
  if ('comment' in before) said.push(`评语 ${before.comment ?? '空'} → ${after.comment ?? '空'}`);
  if ('handedInAt' in before)
    said.push(after.handedInAt === null ? '收回了作业' : before.handedInAt === null ? '交了作业' : '又交了作业');
  return said.join('，');
}

function sayAttendance(value: unknown): string {
  return ATTENDANCES[value as keyof typeof ATTENDANCES] ?? String(value);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
