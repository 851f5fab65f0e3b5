import { halfWidth, oneLine } from './text.ts';

/** The dots people and keyboards put into a transcribed name: · • ・ ‧ ． and their like. */
const MIDDLE_DOTS = /\s*[·•・‧．･∙⋅]\s*/g;
const BETWEEN_HAN = /(?<=[\p{Script=Han}·]) (?=[\p{Script=Han}·])/gu;

/**
 * A name as it is kept: half width, one dot (·), one blank between Latin words, none between Han characters. So 郑　爽 is 郑爽, and
 * 阿卜杜拉•买买提 is 阿卜杜拉·买买提.
 */
export function normalName(text: string): string {
  return halfWidth(oneLine(text.replace(MIDDLE_DOTS, '·')))
    .replace(BETWEEN_HAN, '')
    .trim();
}

/** What two ways of writing one name have in common: no blanks, no capitals. For looking names up, never for keeping them. */
export function nameKey(text: string): string {
  return normalName(text).replace(/\s+/g, '').toLowerCase();
}
