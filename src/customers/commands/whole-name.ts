import type { Said, Talk } from '../../chat/define-command.ts';
import { readPlaces } from '../../chat/lists.ts';
import { refuse } from '../../chat/phrases.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { readPhone } from '../../kernel/normal/phone.ts';

/** A name has no more words than these. */
const MOST_WORDS = 5;

/**
 * The one customer a command is about that takes nothing else: all words are the name (郑 爽) or the number as printed
 * (139 1234 0001); behind a place of the list nothing may stand.
 * @throws Refusal `left_over`
 */
export function customerAlone({ args }: Said, usage: string): string | undefined {
  const [first, ...more] = args;
  const whole = args.join(' ');
  if (first === undefined || more.length === 0 || 'phone' in readPhone(whole)) return first && whole;
  if (readPlaces(first) !== null) throw refuse.left_over({ left: more.join(' '), usage });
  return normalName(whole);
}

/**
 * What was said with a name written with blanks (郑 爽, John Smith) as its first word, where somebody among these is called so: the
 * longest such name counts, so that 跟进 郑 爽 约了周五 is about 郑爽. `rest` begins with the name without its blanks.
 */
export async function withWholeName(
  said: Said,
  { scope }: Pick<Talk, 'scope'>,
  among: Prisma.CustomerWhereInput,
): Promise<Said> {
  const words = said.rest.trim().split(/\s+/);
  const [first = ''] = words;
  if (words.length < 2 || readPlaces(first) !== null || !/^\p{L}/u.test(first)) return said;
  const names = words.slice(1, MOST_WORDS).map((_, at) => normalName(words.slice(0, at + 2).join(' ')));
  const known = await scope.tx.customer.findMany({
    where: { AND: [among, { name: { in: names } }] },
    select: { name: true },
    distinct: ['name'],
  });
  const called = new Set(known.map(({ name }) => name));
  const at = names.findLastIndex((name) => called.has(name));
  const name = names[at];
  if (name === undefined) return said;
  const after = words.slice(at + 2);
  return {
    ...said,
    args: [name, ...said.args.slice(at + 2)],
    rest: [name.replaceAll(' ', ''), said.rest.trim().replace(leading(words.length - after.length), '')]
      .join(' ')
      .trim(),
  };
}

/** The first words of a text and the blanks behind them; what follows stays as written. */
function leading(count: number): RegExp {
  return RegExp(`^(?:\\S+\\s*){${count}}`);
}
