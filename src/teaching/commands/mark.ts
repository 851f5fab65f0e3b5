import { z } from 'zod';
import { takeDay } from '../../chat/dates.ts';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { matchName } from '../../chat/names.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { invalidFields } from '../../kernel/refusal.ts';
import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import { nameLesson } from '../cohort-name.ts';
import { type Marked, type MarkedStudent, type MarksKept, markAttendance, undoMarks } from '../mark-attendance.ts';
import { type Attendee, calledIn, readRoster, sayCounts } from '../roster.ts';
import { isRollCall, readMarks, type SaidStudents } from './read-marks.ts';
import { lessonMeant } from './which-lesson.ts';

const MOST_NAMED = 6;

const Marks = z.object({
  lessonId: z.number(),
  all: z.boolean(),
  marks: z.array(
    z.object({ studentId: z.number(), attendance: z.enum(['present', 'late', 'absent', 'excused', 'leftEarly']) }),
  ),
});

type Outcome = Marked & { all: boolean; names: ReadonlyMap<number, string>; exceptions: readonly Exception[] };
type Exception = { name: string; attendance: keyof typeof SHORT_ATTENDANCES };

async function run(scope: Scope, { lessonId, all, marks }: z.output<typeof Marks>): Promise<Outcome> {
  const marked = await markAttendance(scope, { lessonId, marks });
  const names = calledIn(await readRoster(scope.tx, lessonId));
  const exceptions = all ? marks.filter(({ attendance }) => attendance !== 'present') : [];
  return {
    ...marked,
    all,
    names,
    exceptions: exceptions.map(({ studentId, attendance }) => ({ name: names.get(studentId) ?? '', attendance })),
  };
}

const undo = {
  keep: ({ changed }: Outcome): MarksKept | null =>
    changed.length === 0 ? null : changed.map(({ recordId, from, version }) => ({ recordId, from, version })),
  restore: async (scope: Scope, kept: unknown) =>
    reply(`已撤销：${sayRestored(await undoMarks(scope, kept as MarksKept))}`),
};

/** 迟到 科比; 请假 王五 · 缺勤 3 5 · 科比迟到 · 1 3 迟到: marks by name or number, several in one. */
const mark = defineCommand({
  id: 'teaching.mark',
  words: [
    '迟到',
    '缺勤',
    '请假',
    '早退',
    '签到',
    '没来',
    '没到',
    '旷课',
    'late',
    'absent',
    'excused',
    'leftearly',
    'present',
  ],
  usage: '迟到 学员…',
  does: '记迟到，也可以说缺勤、请假、早退、签到',
  permission: 'lessons.attendance',
  takes: 'all',
  numbers: { of: ['rollCall'] },
  match: (text) => (isRollCall(text) ? { word: '', rest: text, args: [], isQuestion: /[？?吗]\s*$/.test(text) } : null),
  input: Marks,
  read: ({ word, rest }, talk) => readSaid(`${word} ${rest}`, talk),
  run,
  reply: sayMarked,
  undo,
});

/** 全到 · 全到，除了科比 · 都到了: everybody was there, but for who is named. */
const allPresent = defineCommand({
  id: 'teaching.allPresent',
  words: [
    '全到',
    '全部到',
    '全部到齐',
    '全部到了',
    '都到齐',
    '都到齐了',
    '都到了',
    '都来了',
    '全都到',
    '全来',
    '到齐',
    '全勤',
    'allpresent',
  ],
  usage: '全到 [例外…]',
  does: '今天这节课都算到，「全到，除了科比」也行',
  permission: 'lessons.attendance',
  takes: 'all',
  input: Marks,
  read: ({ word, rest }, talk) => readSaid(`${word} ${rest}`, talk),
  run,
  reply: sayMarked,
  undo,
});

/** The lesson and everybody's marks, as said; what is not understood is asked back and marks nobody. */
async function readSaid(text: string, talk: Talk): Promise<z.input<typeof Marks>> {
  if (/吗\s*[？?]*$/.test(text.trim())) throw refuseChat.is_it_meant({ said: text.trim().replace(/[吗？?\s]+$/, '') });
  const { day, rest } = takeLessonDay(text, talk.scope.today);
  const lessonId = await lessonMeant(talk, day);
  const roster = await readRoster(talk.scope.tx, lessonId);
  const calls = callsOf(roster);
  const { all, clauses, why } = readMarks(rest, calls.names);
  if (why) throw invalidFields({ marks: why });
  const wanted = new Map(
    all ? roster.map(({ studentId }) => [studentId, 'present' as (typeof clauses)[number]['attendance']]) : [],
  );
  for (const { who, attendance } of clauses)
    for (const studentId of studentsMeant(who, roster, calls, talk)) wanted.set(studentId, attendance);
  if (wanted.size === 0) throw invalidFields({ marks: '谁迟到、谁缺勤？写成「迟到 科比」这样' });
  return { lessonId, all, marks: [...wanted].map(([studentId, attendance]) => ({ studentId, attendance })) };
}

/** 昨天 科比迟到, 迟到 科比 昨天: a day said at either end is the lesson's. */
function takeLessonDay(text: string, today: SchoolDay): { day: SchoolDay | null; rest: string } {
  const words = text.trim().split(/\s+/);
  for (const index of new Set([0, 1, words.length - 1])) {
    const word = words[index] ?? '';
    // 1-3 and 3号 are numbers of the roll call.
    const taken = /^\d+(?!.*月)/.test(word) ? null : takeDay(word, today, { want: 'any' });
    if (taken && (taken.rest === '' || taken.rest === '的') && taken.day <= today)
      return { day: taken.day, rest: words.filter((_, place) => place !== index).join(' ') };
  }
  return { day: null, rest: text };
}

type Calls = { names: readonly string[]; accounts: ReadonlyMap<string, number>; apart: ReadonlyMap<number, string> };

/** What each student may be called: by name, and where two share one by account. */
function callsOf(roster: readonly Attendee[]): Calls {
  const apart = calledIn(roster);
  const accounts = new Map<string, number>();
  for (const { studentId, name } of roster) {
    const told = apart.get(studentId) ?? name;
    if (told === name) continue;
    accounts.set(told.toLowerCase(), studentId);
    accounts.set(told.slice(name.length + 1, -1).toLowerCase(), studentId);
  }
  return { names: [...roster.map(({ name }) => name), ...accounts.keys()], accounts, apart };
}

function studentsMeant(who: SaidStudents, roster: readonly Attendee[], calls: Calls, talk: Talk): number[] {
  if ('numbers' in who)
    return talk.nths(who.numbers, { kinds: ['rollCall'], from: ['点名'], which: '哪一位' }).map((recordId) => {
      const student = roster.find((attendee) => attendee.recordId === recordId);
      if (!student) throw refuseChat.no_such_number({ why: '名单有变动，先回复「点名」重新看一遍' });
      return student.studentId;
    });
  const byAccount = calls.accounts.get(who.names.toLowerCase());
  if (byAccount !== undefined) return [byAccount];
  const numbered = roster.map((attendee, index) => ({ ...attendee, place: index + 1 }));
  const namesakes = numbered.filter(({ name }) => name === who.names);
  if (namesakes.length > 1) {
    const told = namesakes.map(({ studentId, place }) => `${calls.apart.get(studentId)} ${place} 号`);
    const account = calls.apart.get(namesakes[0]?.studentId ?? 0)?.slice(who.names.length + 1, -1);
    throw refuseChat.no_such_number({
      why: `叫${who.names}的有 ${namesakes.length} 位：${told.join('、')}。用账号说，比如「迟到 ${account}」，谁都没动`,
    });
  }
  return [
    matchName(who.names, numbered, {
      what: '学员',
      otherwise: '这节课的名单里没有。回复「点名」看有谁',
      describe: ({ name, place }) => `${name}（${place} 号）`,
    }).studentId,
  ];
}

function sayMarked({ lesson, counts, changed, all, names, exceptions }: Outcome, { scope }: { scope: Scope }): Reply {
  const day = lesson.date === scope.today ? '' : `（${sayDay(lesson.date, scope.today)}）`;
  const head = `${lesson.cohort} ${nameLesson(lesson)}${day}`;
  if (exceptions.length > 0) return reply(`${head}：${sayExact(counts, exceptions)}`);
  if (all) return reply(`${head}：全到${changed.length > 0 ? `，改回 ${changed.length} 位` : ''}`, sayCounts(counts));
  return reply(`${head}：${sayChanges(changed, names)}`, sayCounts(counts));
}

/** 到 26 · 缺勤 1（科比） */
function sayExact(counts: Marked['counts'], exceptions: readonly Exception[]): string {
  return sayCounts(counts)
    .split(' · ')
    .map((count) => {
      const who = exceptions.filter(({ attendance }) => count.startsWith(`${SHORT_ATTENDANCES[attendance]} `));
      if (who.length === 0 || who.length > MOST_NAMED) return count;
      return `${count}（${who.map(({ name }) => name).join('、')}）`;
    })
    .join(' · ');
}

/** 科比 迟到、王五 请假（原来 缺勤） */
function sayChanges(changed: readonly MarkedStudent[], names: ReadonlyMap<number, string>): string {
  if (changed.length === 0) return '本来就是这样，没有改动';
  const said = changed.slice(0, MOST_NAMED).map(({ studentId, name, from, to }) => {
    const before = from === 'present' || to === 'present' ? '' : `（原来${SHORT_ATTENDANCES[from]}）`;
    return `${names.get(studentId) ?? name} ${SHORT_ATTENDANCES[to]}${before}`;
  });
  return `${said.join('、')}${changed.length > MOST_NAMED ? `等 ${changed.length} 位` : ''}`;
}

/** 科比、郭小靖 改回 到，王五 改回 迟到 */
function sayRestored({ restored }: Awaited<ReturnType<typeof undoMarks>>): string {
  const byAttendance = new Map<keyof typeof SHORT_ATTENDANCES, string[]>();
  for (const { name, attendance } of restored)
    byAttendance.set(attendance, [...(byAttendance.get(attendance) ?? []), name]);
  return [...byAttendance]
    .map(([attendance, names]) => {
      const rest = names.length > MOST_NAMED ? `等 ${names.length} 位` : '';
      return `${names.slice(0, MOST_NAMED).join('、')}${rest} 改回 ${SHORT_ATTENDANCES[attendance]}`;
    })
    .join('，');
}

/** 迟到/缺勤/请假/早退/签到 and 全到. */
export const markCommands: readonly AnyCommand[] = [mark, allPresent];
