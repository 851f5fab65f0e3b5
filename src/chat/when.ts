import { type SchoolDay, weekdayOf } from '../kernel/school-time.ts';
import { type SaidDay, takeDay } from './dates.ts';
import { type Hours, liesIn, sayHours, takeHours, takeLength, takePart } from './times.ts';

/** What it could have meant: said again with this day or these hours it is clear. */
export type Could = { day?: SchoolDay; hours?: Hours };
/** Why something about the time is asked back, and what it could have meant. */
export type Unclear = { why: string; could: readonly Could[] };

/**
 * What a sentence says about when. `daySaid` is the day as it was said; `isSpan` where the end of the hours was said (else it is one hour); `part` a part of
 * the day without an hour (下午), `length` without a beginning; `unclear` the first thing that does not agree.
 */
export type When = {
  day: SchoolDay | null;
  daySaid: string | null;
  hours: Hours | null;
  isSpan: boolean;
  part: string | null;
  length: number | null;
  unclear: Unclear | null;
};

/** Gathers what is said about day and time, piece by piece, in any order. */
export type WhenReader = {
  /** Takes a day, hours, a length or a part of the day off the beginning of a text; null where none stands there. */
  take(text: string, options?: { hoursFirst?: boolean }): string | null;
  result(): When;
};

/**
 * A reader of days and times as seen from today. Said twice they must agree (明天（26号）, 10点 2小时); where they do not,
 * the result says why and nothing is chosen.
 */
export function readWhen(today: SchoolDay): WhenReader {
  let day: SaidDay | null = null;
  let unclear: Unclear | null = null;
  let length: { hours: number; said: string } | null = null;
  let part: string | null = null;
  let time: { hours: Hours; isSpan: boolean; said: string } | null = null;

  function doubt(why: string, could: readonly Could[] = []): void {
    unclear ??= { why, could };
  }

  function addDay(next: SaidDay): void {
    if (!day || day.fits(next.day)) {
      day = next;
      return;
    }
    if (next.fits(day.day)) return;
    doubt(
      `「${day.said}」是 ${dated(day.day, today)}，「${next.said}」是 ${dated(next.day, today)}，不是同一天，一次只能说一天`,
      [{ day: day.day }, { day: next.day }],
    );
  }

  function addHours(next: { hours: Hours; isSpan: boolean; said: string }): void {
    if (!time) time = next;
    else if (time.hours.from !== next.hours.from || time.hours.to !== next.hours.to)
      doubt(`「${time.said}」和「${next.said}」是两段时间，一次只能说一段`, [
        { hours: time.hours },
        { hours: next.hours },
      ]);
  }

  function takeTime(text: string): string | null {
    const said = takeHours(text);
    if (said) {
      if (said.hours) addHours(said);
      else
        doubt(
          said.why,
          said.could.map((hours) => ({ hours })),
        );
      return said.rest;
    }
    const long = takeLength(text);
    if (long) {
      length = long;
      return long.rest;
    }
    const vague = takePart(text);
    if (!vague) return null;
    part = vague.part;
    return vague.rest;
  }

  return {
    take: (text, { hoursFirst = false } = {}) => {
      const found = hoursFirst ? null : takeDay(text, today, { want: 'near' });
      if (!found) return takeTime(text);
      addDay(found);
      return found.rest;
    },
    result: () => {
      if (time && length) fitLength(time, length);
      if (time && part && !liesIn(time.hours, part))
        doubt(`「${time.said}」是 ${sayHours(time.hours)}，不在${part}`, [
          { hours: time.hours },
          { hours: laterBy12(time.hours) },
        ]);
      return {
        day: day?.day ?? null,
        daySaid: day?.said ?? null,
        hours: time?.hours ?? null,
        isSpan: time?.isSpan ?? false,
        part: time ? null : part,
        length: time ? null : (length?.hours ?? null),
        unclear,
      };
    },
  };

  /** 2小时 10点, and 10-12 2小时: the two must agree. */
  function fitLength(
    said: { hours: Hours; isSpan: boolean; said: string },
    long: { hours: number; said: string },
  ): void {
    const { from, to } = said.hours;
    if (!Number.isInteger(long.hours))
      doubt(
        `只能从整点到整点，一格一小时，「${long.said}」不是整数`,
        [
          { hours: { from, to: from + Math.floor(long.hours) } },
          { hours: { from, to: from + Math.ceil(long.hours) } },
        ].filter(({ hours }) => hours.to > hours.from),
      );
    else if (!said.isSpan) time = { ...said, hours: { from, to: from + long.hours }, isSpan: true };
    else if (to - from !== long.hours)
      doubt(`「${said.said}」是 ${to - from} 小时，不是「${long.said}」`, [
        { hours: said.hours },
        { hours: { from, to: from + long.hours } },
      ]);
  }
}

/** 11-27 周五 */
function dated(day: SchoolDay, today: SchoolDay): string {
  const weekday = `周${'一二三四五六日'[weekdayOf(day) - 1]}`;
  return `${day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day} ${weekday}`;
}

function laterBy12({ from, to }: Hours): Hours {
  return { from: from + 12, to: to + 12 };
}
