import { takeCourtesy } from '../../chat/courtesy.ts';
import { readNumbers } from '../../chat/numbers.ts';
import { simplified } from '../../chat/simplified.ts';
import type { Attendance } from '../../generated/prisma/client.ts';
import { halfWidthWords as halfWidth } from '../../kernel/normal/text.ts';

/** What people call each attendance, the longer before the shorter where they begin alike. */
const WORDS: readonly (readonly [RegExp, Attendance])[] = [
  [/^(?:迟到|来晚|late)/i, 'late'],
  [/^(?:没有?来上课|没有?来|没有?到|未到|缺勤|缺课|缺席|旷课|absent)/i, 'absent'],
  [/^(?:请[了过]?(?:病|事)?假|[病事]假|excused)/i, 'excused'],
  [/^(?:早退|早走|提前走|leftearly)/i, 'leftEarly'],
  [/^(?:已?签到|已到|来了|到了|出勤|present)/i, 'present'],
];
/** Everybody was there. */
const ALL =
  /^(?:(?:其他|其余|别的|剩下的?|别)(?:人|同学|学员)?)?(?:大家|所有人|全员|全班|全体)?(?:全都?到齐?|全部都?[到来](?:齐|了)?|都[到来](?:齐|了)|都在|全来了?|都来|到齐|全勤|全部签到|allpresent)(?:了|齐)?/i;
const EXCEPT = /^(?:除了|除开|除去|除|只有|就|只|except)/i;
const OTHERS = /^(?:以外|之外|外|(?:其他|其余|别的|剩下的?|别)(?:人|同学|学员)?)/;
const BREAK = /^\s*[，,;；。\n：:！!.]+\s*/;
const BETWEEN =
  /^(?:[\s、…~～「」“”"'（）()]+|和|跟|及|与|还有|以及|的|是|有|了|啦|今天|同学|学员|老师|都(?=[请迟缺早没签旷]))/;

/** Somebody said: by a name or its beginning, or by numbers of the roll call. */
export type SaidStudents = { names: string } | { numbers: string };
export type Clause = { who: SaidStudents; attendance: Attendance };

/**
 * A roll call as said: everybody present or not, and who is what. `why` it is asked back instead, where a part of it
 * says nothing (王五 without a word, 请假 without a name).
 */
export type SaidMarks = { all: boolean; clauses: Clause[]; why: string | null };

type Item =
  | { kind: 'word'; attendance: Attendance; said: string }
  | { kind: 'who'; who: SaidStudents; said: string }
  | { kind: 'all' | 'except' | 'break' };

/**
 * Reads a roll call however it is put: 迟到 科比; 请假 王五 · 科比迟到，王五请假 · 1 3 迟到 · 全到，除了科比 · 除了科比和王五都到了
 * · 全到 迟到 科比. A name may be the beginning of one; 李和平 is one person, 科比和王五 are two.
 * @param names what the lesson's students are called: their names and accounts
 */
export function readMarks(text: string, names: readonly string[]): SaidMarks {
  return assemble(itemsOf(text, names));
}

/** Whether a text ends or begins as somebody's attendance does: 科比迟到, 1 3 请假, 除了科比都到了. */
export function isRollCall(text: string): boolean {
  const plain = simplified(halfWidth(text))
    .trim()
    .replace(/[吗？?\s]+$/, '');
  if ([...plain].length > 60) return false;
  if (/^(?:除|只有)/.test(plain)) return itemsOf(plain, []).some(({ kind }) => kind === 'all' || kind === 'word');
  const last = itemsOf(plain, []).filter(({ kind }) => kind !== 'break');
  return last.length > 1 && last.length <= 12 && last.at(-1)?.kind === 'word';
}

function itemsOf(text: string, names: readonly string[]): Item[] {
  const longest = [...names].sort((a, b) => b.length - a.length);
  const items: Item[] = [];
  let rest = simplified(halfWidth(text)).trim();
  const plain = (name: string) => simplified(halfWidth(name)).toLowerCase();

  function takeItem(): string | null {
    const name = longest.find((candidate) => rest.toLowerCase().startsWith(plain(candidate)));
    if (name) return took({ kind: 'who', who: { names: name }, said: name }, name.length);
    const [stop] = BREAK.exec(rest) ?? [];
    if (stop) return took({ kind: 'break' }, stop.length);
    const [all] = ALL.exec(rest) ?? [];
    if (all) return took({ kind: 'all' }, all.length);
    const [except] = EXCEPT.exec(rest) ?? [];
    if (except) return took({ kind: 'except' }, except.length);
    for (const [pattern, attendance] of WORDS) {
      const [said] = pattern.exec(rest) ?? [];
      if (said) return took({ kind: 'word', attendance, said }, said.length);
    }
    const [others] = OTHERS.exec(rest) ?? [];
    if (others) return rest.slice(others.length);
    const [between] = BETWEEN.exec(rest) ?? [];
    if (between) return rest.slice(between.length);
    const read = /^第?\s*\d/.test(rest) ? readNumbers(untilWord(rest)) : null;
    if (read?.rest === '')
      return took({ kind: 'who', who: { numbers: untilWord(rest) }, said: untilWord(rest) }, untilWord(rest).length);
    if (read)
      return took(
        { kind: 'who', who: { numbers: read.numbers.join('、') }, said: read.numbers.join('、') },
        rest.length - read.rest.length,
      );
    return null;
  }

  function took(item: Item, length: number): string {
    items.push(item);
    return rest.slice(length);
  }

  while (rest !== '') {
    const taken = takeItem();
    if (taken !== null) {
      rest = taken;
      continue;
    }
    const unknown = unknownIn(rest, longest);
    const courtesy = takeCourtesy(rest);
    if (courtesy !== null && (items.length > 0 || courtesy !== '')) {
      rest = courtesy;
      continue;
    }
    items.push({ kind: 'who', who: { names: unknown }, said: unknown });
    rest = rest.slice(unknown.length);
  }
  return items;
}

/** Numbers up to the next word: 1 3 迟到. */
function untilWord(text: string): string {
  return (/^[\d\s、，,第号个位和跟及到至~～—–-]+(?=$|[^\d\s])/.exec(text)?.[0] ?? text).replace(
    /[\s、，,和跟及到至~～—–-]+$/,
    '',
  );
}

/** The beginning of a name, or what is none, up to where something known begins. */
function unknownIn(rest: string, names: readonly string[]): string {
  const signs = [...rest];
  const isKnown = (text: string) =>
    BREAK.test(text) ||
    ALL.test(text) ||
    /^[\s、和跟及与]/.test(text) ||
    /^(?:除了|以外|之外)/.test(text) ||
    WORDS.some(([pattern]) => pattern.test(text)) ||
    names.some((name) => text.toLowerCase().startsWith(name.toLowerCase()));
  const end = signs.findIndex((_, index) => index > 0 && isKnown(signs.slice(index).join('')));
  return end < 0 ? rest : signs.slice(0, end).join('');
}

function assemble(items: readonly Item[]): SaidMarks {
  const said: SaidMarks = { all: false, clauses: [], why: null };
  let word: { attendance: Attendance; said: string; used: boolean; before: boolean } | null = null;
  let pending: { who: SaidStudents; said: string }[] = [];
  let excepts = false;

  const doubt = (why: string) => {
    said.why ??= why;
  };
  const mark = (who: SaidStudents, attendance: Attendance) => said.clauses.push({ who, attendance });

  for (const [index, item] of items.entries()) {
    if (item.kind === 'all') {
      said.all = true;
      if (excepts) for (const { who } of pending) mark(who, 'absent');
      if (excepts) pending = [];
      excepts = false;
      word = null;
    } else if (item.kind === 'except') {
      excepts = true;
      word = null;
    } else if (item.kind === 'word') {
      const isBehind = pending.length > 0;
      for (const { who } of pending) mark(who, item.attendance);
      pending = [];
      if (word && !word.used) doubt(`${word.said}的是谁？写名字或编号`);
      word = { attendance: item.attendance, said: item.said, used: isBehind, before: !isBehind };
      if (excepts && isBehind && index === items.length - 1) said.all = true;
    } else if (item.kind === 'who') {
      if (word?.before && !isTightlyBehind(items, index)) {
        mark(item.who, word.attendance);
        word.used = true;
      } else pending.push({ who: item.who, said: item.said });
    }
  }
  if (word && !word.used) doubt(`${word.said}的是谁？写名字或编号`);
  if (pending.length > 0 && excepts && said.all) for (const { who } of pending) mark(who, 'absent');
  else if (pending.length > 0)
    doubt(`${pending.map((one) => one.said).join('、')}怎么了？写成「迟到 ${pending[0]?.said}」这样`);
  if (excepts && !said.all && said.clauses.length === 0) doubt('除了他们，其他人怎么样？写成「全到，除了科比」这样');
  return said;
}

/** In 迟到 科比，王五请假 the last name belongs to the word right behind it, in a part of its own. */
function isTightlyBehind(items: readonly Item[], index: number): boolean {
  const start = items.slice(0, index).findLastIndex(({ kind }) => kind === 'break');
  const part = items.slice(start + 1);
  const end = part.findIndex(({ kind }) => kind === 'break');
  const own = end < 0 ? part : part.slice(0, end);
  return own[0]?.kind === 'who' && own.some(({ kind }) => kind === 'word');
}
