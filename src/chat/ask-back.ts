import type { KeptList } from './define-command.ts';
import { type Reply, reply } from './reply.ts';

/** Thrown where what was said could mean several things: the question, and the numbers it can be answered with. */
export class AskBack extends Error {
  override readonly name = 'AskBack';

  constructor(
    readonly question: Reply,
    readonly list: KeptList | null = null,
  ) {
    super(question.lines.join('\n'));
  }
}

const MOST_OFFERED = 6;

/**
 * Asks which of several records somebody meant, numbered, and keeps the numbers: 「王」有 3 位，哪一位？
 * @param say how it goes on with a number: 抢 1
 */
export function askWhich({
  said,
  kind,
  unit = '位',
  candidates,
  say,
}: {
  said: string;
  kind: string;
  unit?: string;
  candidates: readonly { id: number; line: string }[];
  say: string;
}): AskBack {
  const shown = candidates.slice(0, MOST_OFFERED);
  const count = candidates.length > MOST_OFFERED ? `不止 ${MOST_OFFERED} ` : `有 ${candidates.length} `;
  return new AskBack(
    reply(
      `「${said}」${count}${unit}，哪一${unit}？`,
      ...shown.map(({ line }, index) => `${index + 1} ${line}`),
      `回复「${say}」这样的编号${candidates.length > MOST_OFFERED ? '，或把名字写全' : ''}`,
    ),
    { kind, items: shown.map(({ id }) => id) },
  );
}
