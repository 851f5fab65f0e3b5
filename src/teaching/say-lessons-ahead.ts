import { dayFromDb } from '../kernel/school-time.ts';
import type { Tx } from '../kernel/scope.ts';
import type { FormNote, Reader } from '../web/define-table.ts';
import { cohortNamed, nameCohort, nameLesson } from './cohort-name.ts';
import { ahead } from './lessons-ahead.ts';

const SHOWN = 3;

/** Whose lessons need somebody else where these people leave or go on leave: one line each, the next lessons by name. */
export async function sayLessonsAhead(
  tx: Tx,
  personIds: readonly number[],
  { today }: Pick<Reader, 'today'>,
): Promise<FormNote[]> {
  const lessons = await tx.lesson.findMany({
    where: { ...ahead(today), lecturerId: { in: [...personIds] } },
    select: { number: true, date: true, lecturer: { select: { id: true, name: true } }, cohort: cohortNamed },
    orderBy: [{ date: 'asc' }, { id: 'asc' }],
  });
  return personIds.flatMap((id) => {
    const own = lessons.filter(({ lecturer }) => lecturer?.id === id);
    const [first] = own;
    if (!first?.lecturer) return [];
    const next = own
      .slice(0, SHOWN)
      .map(({ date, cohort, number }) => `${dayFromDb(date).slice(5)} ${nameCohort(cohort)} ${nameLesson({ number })}`);
    const rest = own.length > SHOWN ? '等' : '';
    return {
      text: `${first.lecturer.name}还有 ${own.length} 节课没上：${next.join('、')}${rest}，先安排好谁来上`,
      href: `/lessons?lecturerId=${id}&date=${today}..&voided=false&sort=date`,
    };
  });
}
