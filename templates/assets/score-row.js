import { find, findAll } from './dom.js';

/** @typedef {{ studentId: number, score: number, comment: string | null }} Now what the server has of a student */

export const NOT_GRADED = -1;

/** Every score there is by its letters, as the page lists them. */
const scores = new Map(
  findAll(document, '.letters [data-score]', HTMLElement).map((one) => [
    find(one, 'b', HTMLElement).textContent ?? '',
    Number(one.dataset.score),
  ]),
);
const letters = new Map([...scores].map(([said, score]) => [score, said]));

/** The number behind what was typed; null where it is none. @param {string} text */
export function readScore(text) {
  const plain = text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, '')
    .toUpperCase();
  if (plain === '' || plain === 'NA' || plain === '-') return NOT_GRADED;
  return scores.get(plain) ?? [...scores.values()].find((score) => String(score) === plain) ?? null;
}

/** A score as the field shows it. @param {number} score */
export const shown = (score) => (score === NOT_GRADED ? '' : (letters.get(score) ?? ''));

/**
 * One student's line of the sheet: two fields, and what the server has of them.
 * @param {HTMLElement} line
 */
export function createRow(line) {
  const score = find(line, '.sheet-score', HTMLInputElement);
  const comment = find(line, '.sheet-comment', HTMLInputElement);
  const problem = find(line, '.problem', HTMLElement);
  const row = {
    id: line.dataset.student ?? '',
    score,
    comment,
    /** What stands against one's own value; empty where nothing does. */
    conflict: '',
    get value() {
      return readScore(score.value);
    },
    get isRescored() {
      return row.value !== Number(line.dataset.score);
    },
    get isRecommented() {
      return comment.value.trim() !== line.dataset.comment;
    },
    get isChanged() {
      return row.isRescored || row.isRecommented;
    },
    /** What is sent of it: the new values beside those that were seen. */
    change: () => ({
      studentId: Number(row.id),
      score: row.value,
      seen: Number(line.dataset.score),
      ...(row.isRecommented && { comment: comment.value.trim(), seenComment: line.dataset.comment }),
    }),
    /** The server has this now; what one typed stays in the fields. @param {Now} now */
    see(now) {
      line.dataset.score = String(now.score);
      line.dataset.comment = now.comment ?? '';
    },
    /** @param {Now} now */
    fill(now) {
      score.value = shown(now.score);
      comment.value = now.comment ?? '';
    },
    show() {
      const wrong = row.value === null;
      score.classList.toggle('changed', !wrong && row.isRescored);
      comment.classList.toggle('changed', row.isRecommented);
      line.classList.toggle('changed', row.isChanged);
      line.classList.toggle('wrong', wrong);
      score.setAttribute('aria-invalid', String(wrong));
      problem.textContent = wrong ? (line.parentElement?.dataset.problem ?? '') : row.conflict;
      problem.hidden = problem.textContent === '';
    },
  };
  return row;
}
