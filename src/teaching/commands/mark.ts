import { z } from 'zod';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { matchName } from '../../chat/names.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import type { Attendance } from '../../generated/prisma/client.ts';
import { invalidFields } from '../../kernel/refusal.ts';
import type { Scope } from '../../kernel/scope.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import { nameLesson } from '../cohort-name.ts';
import { type Marked, type MarkedStudent, type MarksKept, markAttendance, undoMarks } from '../mark-attendance.ts';
import { readNextLesson, readTodaysLessons, sayLesson, sayNoLesson } from '../my-lessons.ts';
import { type Attendee, readRoster, sayCounts } from '../roster.ts';

const WORDS = {
  迟到: 'late',
  缺勤: 'absent',
  请假: 'excused',
  早退: 'leftEarly',
  签到: 'present',
  late: 'late',
  absent: 'absent',
  excused: 'excused',
  leftearly: 'leftEarly',
  present: 'present',
} as const satisfies Record<string, Attendance>;
const wordList = Object.keys(WORDS) as (keyof typeof WORDS)[];
const MOST_NAMED = 6;

const Marks = z.object({
  lessonId: z.number(),
  marks: z.array(
    z.object({ studentId: z.number(), attendance: z.enum(['present', 'late', 'absent', 'excused', 'leftEarly']) }),
  ),
});

/** 迟到 科比; 请假 王五 · 缺勤 3 5: marks by name or number, several clauses in one. */
const mark = defineCommand({
  id: 'teaching.mark',
  words: wordList as [string, ...string[]],
  usage: '迟到 学员…',
  does: '记迟到，也可以说缺勤、请假、早退、签到',
  permission: 'lessons.attendance',
  takes: 'all',
  input: Marks,
  read: async ({ word, rest }, talk) => {
    const lessonId = await lessonMeant(talk);
    const roster = await readRoster(talk.scope.tx, lessonId);
    const marks = readClauses(`${word} ${rest}`, roster).map(({ said, attendance }) => ({
      studentId: studentMeant(said, roster, talk),
      attendance,
    }));
    if (marks.length === 0) throw invalidFields({ marks: `${word}的是谁？写名字或编号` });
    return { lessonId, marks };
  },
  run: (scope: Scope, input) => markAttendance(scope, input),
  reply: (marked) => sayMarked(marked, sayChanges(marked.changed)),
  undo: {
    keep: ({ changed }) => keptOf(changed),
    restore: async (scope, kept) => {
      const { names } = await undoMarks(scope, kept as MarksKept);
      return reply(
        `已撤销：${names.slice(0, MOST_NAMED).join('、')}${names.length > MOST_NAMED ? `等 ${names.length} 位` : ''}和之前一样`,
      );
    },
  },
});

/** 全到: everybody was there. */
const allPresent = defineCommand({
  id: 'teaching.allPresent',
  words: ['全到', 'allpresent'],
  usage: '全到',
  does: '今天这节课都算到',
  permission: 'lessons.attendance',
  input: z.object({ lessonId: z.number() }),
  read: async (_, talk) => ({ lessonId: await lessonMeant(talk) }),
  run: async (scope: Scope, { lessonId }) => {
    const roster = await readRoster(scope.tx, lessonId);
    const marks = roster.map(({ studentId }) => ({ studentId, attendance: 'present' as const }));
    return markAttendance(scope, { lessonId, marks });
  },
  reply: (marked) => sayMarked(marked, marked.changed.length > 0 ? `全到，改回 ${marked.changed.length} 位` : '全到'),
  undo: {
    keep: ({ changed }) => keptOf(changed),
    restore: async (scope, kept) => {
      const { names } = await undoMarks(scope, kept as MarksKept);
      return reply(`已撤销：${names.length} 位和之前一样`);
    },
  },
});

/** Which lesson is spoken of: the one of the last roll call, else today's only one. */
async function lessonMeant({ scope, list }: Talk): Promise<number> {
  const shown = list();
  if (shown?.kind === 'rollCall') {
    const record = await scope.tx.studyRecord.findUnique({
      where: { id: shown.items[0] ?? 0 },
      select: { lessonId: true },
    });
    if (record) return record.lessonId;
  }
  const lessons = await readTodaysLessons(scope);
  const [only] = lessons;
  if (!only) throw refuseChat.no_such_number({ why: sayNoLesson(await readNextLesson(scope), scope.today) });
  if (lessons.length > 1)
    throw refuseChat.no_such_number({
      why: `今天有 ${lessons.length} 节课：${lessons.map(sayLesson).join('、')}。先回复「点名」选一节`,
    });
  return only.id;
}

type Clause = { said: string; attendance: Attendance };

/** Takes clauses apart: each attendance word stands for the names and numbers behind it. */
function readClauses(text: string, roster: readonly Attendee[]): Clause[] {
  const clauses: Clause[] = [];
  let attendance: Attendance = 'present';
  const tokens = text.split(/[\s\u3000,，、;；。：:]+/).filter((token) => token !== '');
  for (const token of tokens) {
    const word = wordList.find((candidate) => token.toLowerCase().startsWith(candidate) && !isName(token, roster));
    if (word) attendance = WORDS[word];
    const rest = word ? token.slice(word.length).replace(/^的?是?/, '') : token;
    for (const said of splitAnd(rest, roster)) clauses.push({ said, attendance });
  }
  return clauses;
}

function isName(token: string, roster: readonly { name: string }[]): boolean {
  return roster.some(({ name }) => name.startsWith(token));
}

/** 科比和王五 are two, 李和平 is one. */
function splitAnd(token: string, roster: readonly { name: string }[]): string[] {
  if (token === '') return [];
  return isName(token, roster) ? [token] : token.split('和').filter((part) => part !== '');
}

function studentMeant(said: string, roster: readonly Attendee[], talk: Talk): number {
  if (/^第?\d{1,3}[号位个]?$/.test(said)) {
    const recordId = talk.nth(said, { kinds: ['rollCall'], from: ['点名'], which: '哪一位' });
    const student = roster.find((attendee) => attendee.recordId === recordId);
    if (!student) throw refuseChat.no_such_number({ why: '名单有变动，先回复「点名」重新看一遍' });
    return student.studentId;
  }
  const numbered = roster.map((attendee, index) => ({ ...attendee, place: index + 1 }));
  return matchName(said, numbered, {
    what: '学员',
    otherwise: '这节课的名单里没有。回复「点名」看有谁',
    describe: ({ name, place }) => `${name}（${place} 号）`,
  }).studentId;
}

/** 科比 迟到、王五 请假（原来 缺勤） */
function sayChanges(changed: readonly MarkedStudent[]): string {
  if (changed.length === 0) return '本来就是这样，没有改动';
  const said = changed.slice(0, MOST_NAMED).map(({ name, from, to }) => {
    const before = from === 'present' || to === 'present' ? '' : `（原来${SHORT_ATTENDANCES[from]}）`;
    return `${name} ${SHORT_ATTENDANCES[to]}${before}`;
  });
  return `${said.join('、')}${changed.length > MOST_NAMED ? `等 ${changed.length} 位` : ''}`;
}

function sayMarked({ lesson, counts }: Marked, what: string): Reply {
  return reply(`${lesson.cohort} ${nameLesson(lesson)}：${what}`, sayCounts(counts));
}

function keptOf(changed: readonly MarkedStudent[]): MarksKept | null {
  return changed.length === 0 ? null : changed.map(({ recordId, from, version }) => ({ recordId, from, version }));
}

/** 迟到/缺勤/请假/早退/签到 and 全到. */
export const markCommands: readonly AnyCommand[] = [mark, allPresent];
