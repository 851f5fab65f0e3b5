import type { Scope } from '../kernel/scope.ts';
import { codeAt, secondsLeft } from './check-in-code.ts';
import { nameCohort, nameLesson } from './cohort-name.ts';

/** A lesson's check-in code as it stands on a screen at this moment. */
export type ShownCode = { title: string; url: string; secondsLeft: number };

const MOST = 20;

/** The check-in codes now on screens; the sandbox's phones scan them. */
export async function readShownCodes({ tx, now }: Pick<Scope, 'tx' | 'now'>, baseUrl: string): Promise<ShownCode[]> {
  const lessons = await tx.lesson.findMany({
    where: { checkInSecret: { not: null } },
    select: {
      id: true,
      number: true,
      checkInSecret: true,
      cohort: { select: { term: true, course: { select: { name: true } } } },
    },
    orderBy: { id: 'desc' },
    take: MOST,
  });
  return lessons.flatMap(({ id, number, checkInSecret, cohort }) =>
    checkInSecret === null
      ? []
      : [
          {
            title: `签到码 ${nameCohort(cohort)} ${nameLesson({ number })}`,
            url: checkInUrl(baseUrl, codeAt({ id, checkInSecret }, now)),
            secondsLeft: secondsLeft(now),
          },
        ],
  );
}

/** What a code on the screen says: the page that checks its student in. */
export function checkInUrl(baseUrl: string, code: string): string {
  return `${baseUrl}/check-in/${code}`;
}
