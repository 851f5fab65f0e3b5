/** Something a person can tap instead of typing; where a channel cannot, it is read and typed. */
export type Tap = { label: string; say: string };

/** A link to a page; `label` is what is shown. */
export type WebLink = { label: string; url: string };

export type LinePart = string | Tap | WebLink;

/** One line of an answer: plain text, or text with taps and web links in it. */
export type Line = string | readonly LinePart[];

/** An answer as plain data; each door renders it. A confidential one (a new password) is kept sealed. */
export type Reply = { lines: readonly Line[]; confidential?: true };

/** A tappable word: shown as `label`, sends `say`. */
export function tap(label: string, say = label): Tap {
  return { label, say };
}

/** An answer of some lines; empty ones (null, false) are left out. */
export function reply(...lines: (Line | null | false | undefined)[]): Reply {
  return { lines: lines.filter((line) => line !== null && line !== false && line !== undefined) };
}

/** An answer that tells a secret: whoever asked reads it, nobody finds it in what is kept of the conversation. */
export function confidential(answer: Reply): Reply {
  return { ...answer, confidential: true };
}

/** The answer as text for channels without taps. */
export function renderPlain({ lines }: Reply): string {
  return lines.map((line) => quoted(line).map(plainPart).join('')).join('\n');
}

/**
 * A line's parts with 「」 put around the taps that stand inside a sentence (回复「公海」看看), not around those between
 * marks or at an end (抢 1 · 跟进 1), so that every channel reads the same.
 */
export function quoted(line: Line): LinePart[] {
  if (typeof line === 'string') return [line];
  return line.flatMap((part, index): LinePart[] => {
    if (typeof part === 'string' || 'url' in part) return [part];
    const inSentence = /[\p{L}\p{N}]$/u.test(textOf(line[index - 1])) || /^[\p{L}\p{N}]/u.test(textOf(line[index + 1]));
    return inSentence ? ['「', part, '」'] : [part];
  });
}

function textOf(part: LinePart | undefined): string {
  return part === undefined ? '' : typeof part === 'string' ? part : part.label;
}

function plainPart(part: LinePart): string {
  if (typeof part === 'string') return part;
  return 'url' in part ? `${part.label} ${part.url}` : part.label;
}
