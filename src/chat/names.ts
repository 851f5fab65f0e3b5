import { nameKey } from '../kernel/normal/name.ts';
import { nearestNames } from './nearest.ts';
import { refuse } from './phrases.ts';

const MOST_NAMED = 5;

/**
 * `what` is said where nothing matches (会议室, 学员), with `otherwise` where no name is near either (回复「点名」看名单);
 * `describe` tells two of the same name apart (王强（市场部）).
 */
export type NameOptions<T> = { what?: string; otherwise?: string; describe?: (candidate: T) => string };

/**
 * The one candidate whose name was said: the exact name first, else the only name that begins so.
 * @throws Refusal `ambiguous_name` with the candidates, `no_such_name` with the nearest names
 */
export function matchName<T extends { name: string }>(
  said: string,
  candidates: readonly T[],
  { what = '', otherwise, describe = ({ name }) => name }: NameOptions<T> = {},
): T {
  const wanted = nameKey(said);
  const exact = candidates.filter(({ name }) => nameKey(name) === wanted);
  const matches =
    exact.length > 0 || wanted === '' ? exact : candidates.filter(({ name }) => nameKey(name).startsWith(wanted));
  const [only] = matches;
  if (matches.length === 1 && only) return only;
  if (matches.length > 1)
    throw refuse.ambiguous_name({ said, names: matches.slice(0, MOST_NAMED).map(describe), count: matches.length });
  throw refuse.no_such_name({
    said,
    what,
    otherwise,
    near: nearestNames(
      said,
      candidates.map(({ name }) => name),
    ),
  });
}

/** The names in a text, parted by blanks, commas, 、 or 和: 科比，王五 李四. */
export function splitNames(text: string): string[] {
  return text.split(/[\s\u3000,，、;；]+|和(?=[^\s])/).filter((name) => name !== '');
}
