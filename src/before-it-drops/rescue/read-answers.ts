import { readNumbers } from '../../chat/numbers.ts';

/** What was answered to some numbers of a list; to all of them where `numbers` is `all`. */
export type Answer = { numbers: number[] | 'all'; note: string };

const ALL = /^(?:全部|所有|全都|都)(?:的?人|的)?[\s\u3000，,、:：]+(.+)$/s;

/**
 * Reads answers that begin with numbers of a list: `3 已约周五试听`, `1、2 没接`, `1-5 已群发`, `全部 已群发`, several in
 * lines or parted by ；. What follows without a number of its own belongs to the answer before it. Null where the text
 * does not begin so.
 */
export function readAnswers(text: string): Answer[] | null {
  const answers: Answer[] = [];
  for (const part of text.split(/\s*[\n；;]+\s*/).filter((piece) => piece.trim() !== '')) {
    const written = part.trim();
    const read = readNumbers(written);
    const all = ALL.exec(written)?.[1];
    const last = answers.at(-1);
    if (read) answers.push({ numbers: read.numbers, note: read.rest.trim() });
    else if (all) answers.push({ numbers: 'all', note: all.trim() });
    else if (last) last.note = [last.note, written].filter(Boolean).join('；');
    else return null;
  }
  return answers.length > 0 ? answers : null;
}
