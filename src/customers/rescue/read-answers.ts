import { halfWidth } from '../../chat/said.ts';

/** What was answered to one number of a list. */
export type Answer = { number: number; note: string };

/**
 * A number that begins a line, and what follows it. No number of a list: dates, hours, amounts (3月5日, 10:30, 3天, 2个,
 * 3-5), places (3号楼), and more than three digits.
 */
const UNITS = '[月日点天周年个岁万元块%]|号[楼线店院门铺馆厅]|[:：/~～.\\-—]\\d';
/** 5 周末再打 is number 5; 3 天后再打 is a span. */
const UNITS_APART = '[月日点个岁万元块%]|[天周年][后内前之以]';
const NUMBERED = new RegExp(
  `^第?\\s*(\\d{1,3})(?!\\d|${UNITS}|\\s+(?:${UNITS_APART}))[号位]?[\\s，,、:：。.]*(.*)$`,
  's',
);

/**
 * Reads answers that begin with the number of a list: `3 已约周五试听`, several in lines or parted by ；. What follows
 * without a number of its own belongs to the answer before it. Null where the text does not begin with a number.
 */
export function readAnswers(text: string): Answer[] | null {
  const answers: Answer[] = [];
  for (const part of text.split(/\s*[\n；;]+\s*/).filter((piece) => piece.trim() !== '')) {
    const written = part.trim();
    // Sign by sign as long as before, so that the note can be cut out as it was written.
    const match = NUMBERED.exec(halfWidth(written));
    const last = answers.at(-1);
    if (match) {
      const note = written.slice(written.length - (match[2]?.length ?? 0)).trim();
      answers.push({ number: Number(match[1]), note });
    } else if (last) last.note = [last.note, written].filter(Boolean).join('；');
    else return null;
  }
  return answers.length > 0 ? answers : null;
}
