import { z } from 'zod';
import { sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { reply } from './reply.ts';

/** One thing that is on for somebody today: in a few words (今天要联系 2 位), and as a line that says what to do next. */
export type TodayLine = { short: string; line: string };

/** What a feature says of somebody's day, the most pressing first; nothing where nothing is on. */
export type TodaySource = (scope: Scope) => Promise<readonly TodayLine[]>;

const MOST_LINES = 7;

/** What is on for this person today, from all features in their order. */
export async function readToday(scope: Scope, sources: readonly TodaySource[]): Promise<TodayLine[]> {
  const lines: TodayLine[] = [];
  for (const source of sources) lines.push(...(await source(scope)));
  return lines;
}

/** 今天: what concerns this person today, from all features. */
export function createToday(sources: readonly TodaySource[]): AnyCommand {
  return defineCommand({
    id: 'chat.today',
    words: ['今天', '今日', 'today'],
    usage: '今天',
    does: '看今天要办的事',
    permission: null,
    input: z.object({}),
    read: () => ({}),
    run: (scope) => readToday(scope, sources),
    reply: (lines, { scope: { today } }) => {
      const day = sayDay(today, today);
      if (lines.length === 0) return reply(`${day}没有要办的事`, '回复「帮助」看能做什么');
      return reply(
        `${day} ${today.slice(5)}，${lines.length} 件：`,
        ...lines.slice(0, MOST_LINES).map(({ line }) => line),
      );
    },
  });
}
