import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { type Line, type Reply, reply } from '../../chat/reply.ts';
import { halfWidthWords as halfWidth } from '../../kernel/normal/text.ts';
import type { About } from '../../kernel/notice.ts';
import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import {
  type ListedLesson,
  type MyCohort,
  readLessonsOn,
  readMyCohorts,
  readNextLesson,
  sayLesson,
} from '../my-lessons.ts';
import { openAttendance } from '../open-attendance.ts';
import { type Attendee, calledIn, countAttendances, readRoster, sayCounts } from '../roster.ts';
import { findLedLesson } from '../visibility.ts';
import { readSaidLesson, sayNone, sayTitled } from './which-lesson.ts';

/** Makes addresses that open one record for one person. */
export type LinkMaker = { urlFor(link: { to: number; about: About; expiresAt: Date }): string };

const GROUP = '教学';
const MOST_COHORTS = 6;
const MOST_LESSONS = 6;
/** More names than this do not fit one message; the page has them all. */
const MOST_NAMES = 48;
const NAMES_A_LINE = 8;
const LINK_MS = 24 * 3_600_000;

/** 我的班级: the cohorts one leads, numbered for 点名. */
const classes = defineCommand({
  id: 'teaching.classes',
  words: ['我的班级', 'classes'],
  usage: '我的班级',
  does: '看我带的班',
  permission: 'lessons.attendance',
  menu: { group: GROUP, name: '我的班级' },
  makes: ['cohorts'],
  input: z.object({}),
  read: () => ({}),
  run: async (scope: Scope) => ({ cohorts: await readMyCohorts(scope), today: scope.today }),
  keeps: ({ cohorts }) => ({ kind: 'cohorts', items: cohorts.slice(0, MOST_COHORTS).map(({ id }) => id) }),
  reply: ({ cohorts, today }) => {
    if (cohorts.length === 0) return reply('你现在没有带班。要带班请管理员在班级里加上你');
    return reply(
      `你带 ${cohorts.length} 个班：`,
      ...cohorts.slice(0, MOST_COHORTS).map((cohort, index) => `${index + 1} ${sayCohort(cohort, today)}`),
      cohorts.length > MOST_COHORTS && `还有 ${cohorts.length - MOST_COHORTS} 个，请在网页上看`,
      cohorts[0]?.today ? '回复「点名 1」给今天的课点名' : null,
    );
  },
});

function sayCohort({ name, students, today: lesson, next }: MyCohort, today: SchoolDay): string {
  const when = lesson ? `今天第 ${lesson.number} 节` : next ? `下一节 ${sayDay(next.date, today)}` : '没有排课';
  return `${name} · ${students} 人 · ${when}`;
}

type RollCalled =
  | { outcome: 'none'; day: SchoolDay; next: ListedLesson | null }
  | { outcome: 'choose'; day: SchoolDay; lessons: ListedLesson[] }
  | {
      outcome: 'opened';
      lesson: ListedLesson;
      roster: Attendee[];
      names: ReadonlyMap<number, string>;
      url: string | null;
    };

/** 点名 [N] [日期] [班级]: opens the lesson (today's where no day is said) and lists everybody numbered, with the link to the page. */
function rollCall(links: LinkMaker | null): AnyCommand {
  return defineCommand({
    id: 'teaching.rollCall',
    words: ['点名', 'rollcall'],
    usage: '点名 [N]',
    does: '给今天的课点名，「点名 昨天」补点昨天的',
    permission: 'lessons.attendance',
    takes: 'all',
    numbers: { of: ['cohorts', 'lessons'] },
    menu: { group: GROUP, name: '点名' },
    makes: ['lessons', 'rollCall'],
    input: z.object({
      day: z.string(),
      lessonId: z.number().optional(),
      cohortId: z.number().optional(),
      place: z.number().optional(),
      cohort: z.string(),
    }),
    read: ({ rest, isQuestion }, talk) => {
      const { today } = talk.scope;
      const { day, number, cohort } = readSaidLesson(rest.replace(/[？?]+$/, ''), today);
      if (isQuestion && rest.replace(/[？?]/g, '').trim() !== '') throw refuseChat.is_it_meant({ said: '点名' });
      const asked = { day: day ?? today, cohort };
      if (number === null) return asked;
      const shown = talk.list()?.kind;
      // 点名 昨天 2 is the second lesson of that day, whatever list was shown.
      if (day !== null && shown !== 'cohorts') return { ...asked, place: Number(number) };
      // Whoever sees a roll call gets that one again from 点名, never a list to choose from.
      const from = shown === 'rollCall' ? ['我的班级'] : ['我的班级', '点名'];
      const id = talk.nth(number, { kinds: ['cohorts', 'lessons'], from, which: '哪个班' });
      return shown === 'lessons' ? { ...asked, lessonId: id } : { ...asked, cohortId: id };
    },
    run: async (scope: Scope, { day, lessonId, cohortId, place, cohort }): Promise<RollCalled> => {
      if (day > scope.today)
        throw refuseChat.no_such_number({ why: `${sayDay(day, scope.today)}还没到，到那天再点名` });
      if (lessonId !== undefined)
        return open(scope, await findLedLesson(scope, lessonId, 'lessons.attendance', '点名'));
      const lessons = named(cohort, await readLessonsOn(scope, day, cohortId));
      const [only] = place === undefined ? lessons : lessons.slice(place - 1, place);
      if (lessons.length === 0) return { outcome: 'none', day, next: await readNextLesson(scope, cohortId) };
      if (!only)
        throw refuseChat.no_such_number({
          why: `${sayDay(day, scope.today)}只有 ${lessons.length} 节课，没有第 ${place} 个`,
        });
      return lessons.length > 1 && place === undefined ? { outcome: 'choose', day, lessons } : open(scope, only);
    },
    keeps: (output) => {
      if (output.outcome === 'choose') return { kind: 'lessons', items: output.lessons.map(({ id }) => id) };
      if (output.outcome === 'opened')
        return { kind: 'rollCall', items: output.roster.map(({ recordId }) => recordId ?? 0) };
      return null;
    },
    reply: sayRollCall,
  });

  async function open(scope: Scope, lesson: ListedLesson): Promise<RollCalled> {
    await openAttendance(scope, { lessonIds: [lesson.id] });
    const about = { entity: 'lesson', id: lesson.id } as const;
    const expiresAt = new Date(scope.now.getTime() + LINK_MS);
    const url = links?.urlFor({ to: scope.actor.id ?? 0, about, expiresAt }) ?? null;
    const roster = await readRoster(scope.tx, lesson.id);
    return { outcome: 'opened', lesson, roster, names: calledIn(roster), url };
  }
}

/** Those of one cohort, by its name or the beginning of it. @throws Refusal `no_such_number` */
function named(cohort: string, lessons: ListedLesson[]): ListedLesson[] {
  const plain = (text: string) =>
    halfWidth(text)
      .replace(/[()（）\s第]/g, '')
      .toLowerCase();
  const found = lessons.filter((lesson) => plain(lesson.cohort).startsWith(plain(cohort)));
  if (cohort !== '' && found.length === 0)
    throw refuseChat.no_such_number({ why: `没看懂「${cohort}」，写成「点名」「点名 昨天」或「点名 1」这样` });
  return found;
}

function sayRollCall(output: RollCalled, { scope }: { scope: Scope }): Reply {
  const { today } = scope;
  if (output.outcome === 'none') return reply(sayNone(output.day, today, output.next));
  if (output.outcome === 'choose')
    return reply(
      `${sayDay(output.day, today)}有 ${output.lessons.length} 节课：`,
      ...output.lessons.slice(0, MOST_LESSONS).map((lesson, index) => `${index + 1} ${sayTitled(lesson)}`),
      output.lessons.length > MOST_LESSONS &&
        `还有 ${output.lessons.length - MOST_LESSONS} 节，说班级也行：「点名 ${output.lessons.at(-1)?.cohort}」`,
      '回复「点名 1」选一节',
    );
  const { lesson, roster, names, url } = output;
  const head = `${sayLesson(lesson)}${lesson.date === today ? '' : `（${sayDay(lesson.date, today)}）`}`;
  if (roster.length === 0) return reply(`${head}：班里还没有学员`);
  const shown = roster.slice(0, MOST_NAMES).map(({ studentId, name, attendance }, index) => {
    const mark = attendance === 'present' ? '' : `(${SHORT_ATTENDANCES[attendance]})`;
    return `${index + 1}${names.get(studentId) ?? name}${mark}`;
  });
  const lines = Array.from({ length: Math.ceil(shown.length / NAMES_A_LINE) }, (_, line) =>
    shown.slice(line * NAMES_A_LINE, (line + 1) * NAMES_A_LINE).join(' '),
  );
  const link: Line | null = url && [{ label: '打开点名页', url }, '，点名字就能改'];
  return reply(
    `${head}：${roster.length} 人，${sayCounts(countAttendances(roster))}`,
    lines.join('\n'),
    roster.length > shown.length && `后面还有 ${roster.length - shown.length} 位，请在点名页上看`,
    '回复「迟到 学员」改，名字编号都行；「全到」都算到',
    link,
  );
}

/** 我的班级 and 点名. */
export function rollCallCommands(links: LinkMaker | null): AnyCommand[] {
  return [classes, rollCall(links)];
}
