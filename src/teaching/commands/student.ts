import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../chat/define-command.ts';
import { type Line, type Reply, reply } from '../../chat/reply.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { NOT_GRADED, SHORT_ATTENDANCES } from '../choices.ts';
import { sayCounts } from '../roster.ts';
import { type OwnCohort, type OwnLesson, readOwnCohorts } from '../student-view.ts';
import type { LinkMaker } from './roll-call.ts';

const GROUP = '教学';
const MOST_LESSONS = 5;
const LINK_MS = 24 * 3_600_000;

type Seen = { cohorts: OwnCohort[]; scope: Scope };

/** What students ask: 我的成绩, 我的考勤, 作业. */
export function studentCommands(links: LinkMaker | null): AnyCommand[] {
  const ask = (command: { id: string; words: [string, ...string[]]; does: string; say: (seen: Seen) => Reply }) =>
    defineCommand({
      id: command.id,
      words: command.words,
      usage: command.words[0],
      does: command.does,
      permission: 'portal.show',
      menu: { group: GROUP, name: command.words[0] },
      input: z.object({}),
      read: () => ({}),
      run: async (scope: Scope): Promise<Seen> => ({ cohorts: await readOwnCohorts(scope), scope }),
      reply: (seen) =>
        seen.cohorts.length === 0 ? reply('你还没有进班，进班以后这里能看到成绩和考勤') : command.say(seen),
    });

  /** The address of a lesson's page for its student; without a record, of everything they learn. */
  function urlOf(recordId: number | null, { actor, now }: Scope): string | null {
    const about =
      recordId === null ? { entity: 'studyRecord' as const } : { entity: 'studyRecord' as const, id: recordId };
    return links?.urlFor({ to: actor.id ?? 0, about, expiresAt: new Date(now.getTime() + LINK_MS) }) ?? null;
  }

  function sayScores({ cohorts, scope }: Seen): Reply {
    const [cohort, ...others] = cohorts as [OwnCohort, ...OwnCohort[]];
    const graded = cohort.lessons.filter(({ score }) => score !== NOT_GRADED).reverse();
    const url = graded.length > 0 ? urlOf(null, scope) : null;
    const link: Line | null = url ? [{ label: '看曲线和评语', url }] : null;
    return reply(
      `${cohort.name}：${sayRank(cohort)}`,
      ...graded.slice(0, MOST_LESSONS).map((lesson) => `${sayTitle(lesson)} · ${lesson.letters}`),
      graded.length === 0 && '还没有批好的作业，批好会告诉你',
      graded.length > MOST_LESSONS && `共 ${graded.length} 次成绩`,
      ...others.slice(0, 2).map((other) => `${other.name}：${sayRank(other)}`),
      link,
    );
  }

  function sayAttendance({ cohorts, scope }: Seen): Reply {
    const [cohort, ...others] = cohorts as [OwnCohort, ...OwnCohort[]];
    const missed = cohort.lessons.filter(({ attendance }) => attendance !== null && attendance !== 'present').reverse();
    return reply(
      `${cohort.name}：${sayCounts(cohort.counts)}`,
      ...missed
        .slice(0, MOST_LESSONS)
        .map(
          (lesson) =>
            `${sayDay(lesson.date, scope.today)} 第 ${lesson.number} 节 ${SHORT_ATTENDANCES[lesson.attendance ?? 'present']}`,
        ),
      missed.length > MOST_LESSONS && `共 ${missed.length} 次没有按时到`,
      missed.length === 0 && (cohort.counts.present > 0 ? '每节都到了' : '还没有上课'),
      ...others.slice(0, 2).map((other) => `${other.name}：${sayCounts(other.counts)}`),
    );
  }

  function sayHomework({ cohorts, scope }: Seen): Reply {
    const of = (state: OwnLesson['homework']) =>
      cohorts.flatMap(({ name, lessons }) =>
        lessons.filter(({ homework }) => homework === state).map((lesson) => ({ name, lesson })),
      );
    const todo = of('todo').reverse();
    const waiting = of('handedIn');
    const lines = todo.slice(0, MOST_LESSONS).map(({ name, lesson }): Line => {
      const said = `${name} ${sayTitle(lesson)} · ${sayDay(lesson.date, scope.today)} `;
      const url = urlOf(lesson.recordId, scope);
      return url ? [said, { label: '去交', url }] : said.trim();
    });
    return reply(
      todo.length > 0 ? `还有 ${todo.length} 次作业没交：` : '作业都交了',
      ...lines,
      waiting.length > 0 && `交了等批改的 ${waiting.length} 次`,
      todo.length > 0 && `${links ? '点「去交」' : '在网页的「我的学习」里'}上传，没批之前都可以换`,
    );
  }

  return [
    ask({
      id: 'teaching.myScores',
      words: ['我的成绩', '成绩', '排名', '名次', 'scores'],
      does: '看我的成绩和名次',
      say: sayScores,
    }),
    ask({
      id: 'teaching.myAttendance',
      words: ['我的考勤', '考勤', 'attendance'],
      does: '看我的考勤',
      say: sayAttendance,
    }),
    ask({ id: 'teaching.homework', words: ['作业', 'homework'], does: '看还没交的作业', say: sayHomework }),
  ];
}

function sayRank({ rank }: OwnCohort): string {
  return rank ? `第 ${rank.rank} 名 · 共 ${rank.of} 人 · 总分 ${rank.sum}` : '还没有排名';
}

function sayTitle({ number, title }: OwnLesson): string {
  return title ? `第 ${number} 节 ${title}` : `第 ${number} 节`;
}
