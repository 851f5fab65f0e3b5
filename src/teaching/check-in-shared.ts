import { sayDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { whoIsAsked } from './check-in-differs.ts';
import { nameLesson } from './cohort-name.ts';
import { checkInShared, lessonSubject } from './notices.ts';
import type { Attendee } from './roster.ts';
import type { LedLesson } from './visibility.ts';

/** Browsers without our cookie look alike in a classroom; so many scans in so short a time are no coincidence. */
const FEW = 3;
const TOGETHER_MS = 1000;

type Scanned = Pick<Attendee, 'checkedInAt' | 'device' | 'browser'>;

/**
 * Students whose scans came from one browser: those with one cookie, and, where a browser keeps none, three or more that
 * look alike within a second. Each group once, in the roster's order.
 */
export function sharing<T extends Scanned>(roster: readonly T[]): T[][] {
  const byDevice = groupBy(roster, ({ device }) => device).filter((group) => group.length > 1);
  const known = new Set(byDevice.flat());
  const byBrowser = groupBy(
    roster.filter((one) => !known.has(one)),
    ({ browser }) => browser,
  ).flatMap(together);
  return [...byDevice, ...byBrowser];
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string | null): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** The runs of scans that follow each other within a second, three at least. */
function together<T extends Scanned>(group: readonly T[]): T[][] {
  const at = ({ checkedInAt }: T) => checkedInAt?.getTime() ?? 0;
  const runs: T[][] = [];
  for (const one of [...group].sort((a, b) => at(a) - at(b))) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    if (run && first && at(one) - at(first) <= TOGETHER_MS) run.push(one);
    else runs.push([one]);
  }
  return runs.filter((run) => run.length >= FEW);
}

/** Asks the tutor once about a lesson in which one browser scanned several students in. */
export async function askAboutSharing(scope: Scope, lesson: LedLesson, roster: readonly Attendee[]): Promise<void> {
  const groups = sharing(roster).map((group) => group.map(({ name }) => name));
  if (groups.length === 0) return;
  await scope.tell(
    ...(await whoIsAsked(scope, lesson)).map((to) =>
      checkInShared.to(
        to,
        {
          cohort: lesson.cohort,
          lesson: nameLesson(lesson),
          day: sayDay(lesson.date, scope.today),
          groups: groups.map((names) => names.join('、')),
          count: groups.flat().length,
        },
        { once: `checkInShared:${lesson.id}:${to}`, about: lessonSubject.of(lesson.id) },
      ),
    ),
  );
}
