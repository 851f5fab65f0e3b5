import { AskBack } from '../../chat/ask-back.ts';
import { takeCourtesy } from '../../chat/courtesy.ts';
import { takeDay } from '../../chat/dates.ts';
import type { Talk } from '../../chat/define-command.ts';
import { readNumbers } from '../../chat/numbers.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import { type SchoolDay, sayDay } from '../../kernel/school-time.ts';
import { type ListedLesson, readLessonsOn, readNextLesson, sayLesson, sayNoLesson } from '../my-lessons.ts';

const MOST_LISTED = 8;

/** What is said behind 点名: a day, a number of a list, the beginning of a cohort's name, in any order. */
export type SaidLesson = { day: SchoolDay | null; number: string | null; cohort: string };

/** Takes 昨天 2, 周一, 2, Python全栈 apart; a day without its year or week may as well be past. */
export function readSaidLesson(text: string, today: SchoolDay): SaidLesson {
  const said: SaidLesson = { day: null, number: null, cohort: '' };
  let rest = text.trim();
  while (rest !== '') {
    const day = said.day === null ? takeDay(rest, today, { want: 'any' }) : null;
    const numbers = said.number === null && !day ? readNumbers(rest) : null;
    const polite = takeCourtesy(rest);
    if (day) {
      said.day = day.day;
      rest = day.rest;
    } else if (numbers) {
      said.number = numbers.numbers.join('、');
      rest = numbers.rest;
    } else if (polite !== null) rest = polite;
    else {
      const [token = rest] = rest.split(/[\s，,、]+/);
      said.cohort += token;
      rest = rest.slice(token.length);
    }
    rest = rest.replace(/^[\s，,、的]+/, '');
  }
  return said;
}

/**
 * The lesson a mark is about: the one of the roll call shown last, else the only one of that day (today's where none is
 * said).
 * @throws AskBack where there are several; Refusal `no_such_number` where there is none
 */
export async function lessonMeant({ scope, list }: Talk, day: SchoolDay | null = null): Promise<number> {
  const shown = day === null ? list() : null;
  if (shown?.kind === 'rollCall') {
    const record = await scope.tx.studyRecord.findUnique({
      where: { id: shown.items[0] ?? 0 },
      select: { lessonId: true },
    });
    if (record) return record.lessonId;
  }
  const on = day ?? scope.today;
  const lessons = await readLessonsOn(scope, on);
  const [only] = lessons;
  if (!only) throw refuseChat.no_such_number({ why: sayNone(on, scope.today, await readNextLesson(scope)) });
  if (lessons.length > 1) throw askWhichLesson(lessons, on, scope.today);
  return only.id;
}

/** 今天没有课。下一节：…; of another day only that there was none. */
export function sayNone(day: SchoolDay, today: SchoolDay, next: ListedLesson | null): string {
  return day === today ? sayNoLesson(next, today) : `${sayDay(day, today)}没有课`;
}

/** Which of several lessons of a day: numbered, for 点名 1. */
export function askWhichLesson(lessons: readonly ListedLesson[], day: SchoolDay, today: SchoolDay): AskBack {
  return new AskBack(
    reply(
      `${sayDay(day, today)}有 ${lessons.length} 节课：`,
      ...lessons.slice(0, MOST_LISTED).map((lesson, index) => `${index + 1} ${sayTitled(lesson)}`),
      lessons.length > MOST_LISTED && `还有 ${lessons.length - MOST_LISTED} 节，回复「点名 班级」找到它`,
      '先回复「点名 1」选一节，再说谁迟到谁缺勤',
    ),
    { kind: 'lessons', items: lessons.map(({ id }) => id) },
  );
}

/** Python全栈(9期) 第 3 节 函数 */
export function sayTitled(lesson: ListedLesson): string {
  return `${sayLesson(lesson)}${lesson.title ? ` ${lesson.title}` : ''}`;
}
