import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../chat/define-command.ts';
import { type Line, type Reply, reply } from '../../chat/reply.ts';
import type { About } from '../../kernel/notice.ts';
import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { SHORT_ATTENDANCES } from '../choices.ts';
import {
  type ListedLesson,
  type MyCohort,
  readMyCohorts,
  readNextLesson,
  readTodaysLessons,
  sayLesson,
  sayNoLesson,
} from '../my-lessons.ts';
import { openAttendance } from '../open-attendance.ts';
import { type Attendee, countAttendances, readRoster, sayCounts } from '../roster.ts';
import { findLedLesson } from '../visibility.ts';

/** Makes addresses that open one record for one person. */
export type LinkMaker = { urlFor(link: { to: number; about: About; expiresAt: Date }): string };

const GROUP = '教学';
const MOST_COHORTS = 6;
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
  | { outcome: 'none'; next: ListedLesson | null }
  | { outcome: 'choose'; lessons: ListedLesson[] }
  | { outcome: 'opened'; lesson: ListedLesson; roster: Attendee[]; url: string | null };

/** 点名 [N]: opens today's lesson and lists everybody numbered, with the link to the page. */
function rollCall(links: LinkMaker | null): AnyCommand {
  return defineCommand({
    id: 'teaching.rollCall',
    words: ['点名', 'rollcall'],
    usage: '点名 [N]',
    does: '给今天的课点名',
    permission: 'lessons.attendance',
    menu: { group: GROUP, name: '点名' },
    makes: ['lessons', 'rollCall'],
    input: z.object({ lessonId: z.number().optional(), cohortId: z.number().optional() }),
    read: ({ args: [n] }, talk) => {
      if (n === undefined) return {};
      const shown = talk.list()?.kind;
      // Whoever sees a roll call gets that one again from 点名, never a list to choose from.
      const from = shown === 'rollCall' ? ['我的班级'] : ['我的班级', '点名'];
      const id = talk.nth(n, { kinds: ['cohorts', 'lessons'], from, which: '哪个班' });
      return shown === 'lessons' ? { lessonId: id } : { cohortId: id };
    },
    run: async (scope: Scope, { lessonId, cohortId }): Promise<RollCalled> => {
      if (lessonId !== undefined)
        return open(scope, await findLedLesson(scope, lessonId, 'lessons.attendance', '点名'));
      const lessons = await readTodaysLessons(scope, cohortId);
      const [only] = lessons;
      if (!only) return { outcome: 'none', next: await readNextLesson(scope, cohortId) };
      return lessons.length > 1 ? { outcome: 'choose', lessons } : open(scope, only);
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
    return { outcome: 'opened', lesson, roster: await readRoster(scope.tx, lesson.id), url };
  }
}

function sayRollCall(output: RollCalled, { scope }: { scope: Scope }): Reply {
  if (output.outcome === 'none') return reply(sayNoLesson(output.next, scope.today));
  if (output.outcome === 'choose')
    return reply(
      `今天有 ${output.lessons.length} 节课：`,
      ...output.lessons.map(
        (lesson, index) => `${index + 1} ${sayLesson(lesson)}${lesson.title ? ` ${lesson.title}` : ''}`,
      ),
      '回复「点名 1」选一节',
    );
  const { lesson, roster, url } = output;
  if (roster.length === 0) return reply(`${sayLesson(lesson)}：班里还没有学员`);
  const shown = roster.slice(0, MOST_NAMES).map(({ called, attendance }, index) => {
    const mark = attendance === 'present' ? '' : `(${SHORT_ATTENDANCES[attendance]})`;
    return `${index + 1}${called}${mark}`;
  });
  const lines = Array.from({ length: Math.ceil(shown.length / NAMES_A_LINE) }, (_, line) =>
    shown.slice(line * NAMES_A_LINE, (line + 1) * NAMES_A_LINE).join(' '),
  );
  const link: Line | null = url && [{ label: '打开点名页', url }, '，点名字就能改'];
  return reply(
    `${sayLesson(lesson)}：${roster.length} 人，${sayCounts(countAttendances(roster))}`,
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
