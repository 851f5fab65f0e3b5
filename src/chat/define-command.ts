import type { z } from 'zod';
import type { Scope } from '../kernel/scope.ts';
import type { Reply } from './reply.ts';

/**
 * A text as said: the word that chose the command, the rest as written, and the rest split at blanks with full-width
 * letters and digits made half-width. Where the usage begins with N, the numbers are parted from what follows them in
 * both and are one argument: 跟进1约了周五 has the rest `1 约了周五`, 抢 2 3 the argument `2、3`.
 */
export type Said = { word: string; rest: string; args: readonly string[]; isQuestion?: boolean };

/**
 * A numbered list a person can answer to: the records behind 1, 2, 3 … 下一页 runs the command again with what `read`
 * gave, `query` laid over it and `page` one higher; a list is paged where its input or `query` has a `page` number.
 */
export type KeptList = { kind: string; items: readonly number[]; query?: Record<string, unknown> };

/** What a command may ask about the conversation while it reads its words. */
export type Talk = {
  scope: Scope;
  /** The list this person was shown last, whatever sent it, while it is valid; with a slot, the valid one in that slot. */
  list(slot?: ListSlot): KeptList | null;
  /**
   * The record behind one number of the list shown last.
   * @throws Refusal `no_such_number` saying which list to ask for, or how many there are; `one_number` for several
   */
  nth(n: string | undefined, options?: NumberOptions): number;
  /**
   * The records behind all numbers said: 2, 2、3, 1-3. None where one of them is not in the list.
   * @throws Refusal `no_such_number`
   */
  nths(n: string | undefined, options?: NumberOptions): number[];
};

/** Which lists a number may come from, and how to ask for it: `from` the words that show such a list, `which` 哪一位. */
export type NumberOptions = {
  kinds?: readonly string[];
  slot?: ListSlot;
  from?: readonly string[];
  which?: string;
};

/**
 * Where a list is kept: what a command showed, the evening's and the morning's, whose numbers live longer, and (no list
 * anybody sees) whom one wants to be reminded of later. A number means the one of the first three that was shown last.
 */
export type ListSlot = 'list' | 'rescue' | 'reminder' | 'later';

/**
 * A command, declared once for every channel: its words, what it needs and what it does. `read` only shapes what was
 * said; `input` checks it; `run` is the use case; `reply` words the outcome.
 */
export type Command<I, O> = {
  id: string;
  /** First the Chinese word, then aliases. */
  words: readonly [string, ...string[]];
  /** 抢 N */
  usage: string;
  /** What 帮助 says of it, a few words. */
  does: string;
  /** The permission it asks for; null where every bound person may. */
  permission: string | null;
  /** Its place in the account's menu, if any; only commands that need no arguments. */
  menu?: { group: string; name: string };
  /** The kinds of lists its answers show, so that a missing number can say which word to send first. */
  makes?: readonly string[];
  /** The kinds of lists its N is a number of; `opens` where a bare number of such a list opens the record by it. */
  numbers?: { of: readonly string[]; opens?: true };
  /** Understood and permitted like any other, but not offered: in 帮助, hints, the sandbox's buttons. */
  unlisted?: true;
  /**
   * How much of what is said behind its word it understands. By default as many words as its usage has places; one more
   * is asked back and nothing happens. `all`: `read` answers for every word itself (filters, clauses) and asks back what
   * it does not know. `text`: the last place is free text, a note, which may hold anything.
   */
  takes?: 'all' | 'text';
  /** It answers a question (…？) itself and changes nothing then; any other that changes something asks back whether it is meant. */
  hearsQuestions?: true;
  /** Other ways to say it than by its words; `shown` is the kind of the list shown last, null where none is valid. */
  match?(text: string, shown: string | null): Said | null;
  /**
   * What a text that no word and no pattern knows may still mean to this person (a customer's name alone); null where it
   * means nothing to them.
   */
  guess?(text: string, scope: Scope): Promise<Said | null>;
  input: z.ZodType<I>;
  /** Shapes what was said. Whoever cannot read all of it refuses (`refuse.left_over`), or asks back (`AskBack`). */
  read(said: Said, talk: Talk): unknown;
  /** Stands for another command, said with this input: 下一页. Its own `run` is then never reached. */
  repeats?(
    talk: Talk,
    input: I,
  ):
    | { command: string; input: unknown; confirmed?: true }
    | Promise<{ command: string; input: unknown; confirmed?: true }>;
  /** What it asks before it does what cannot be undone; it is done when 确认 is said next. Null: nothing to ask. */
  confirm?(scope: Scope, input: I): Promise<Reply | null>;
  run(scope: Scope, input: I): Promise<O>;
  reply(output: O, talk: Talk): Reply | Promise<Reply>;
  /** The numbers this answer shows, kept for the person. */
  keeps?(output: O): (KeptList & { slot?: ListSlot; expiresAt?: Date }) | null;
  /**
   * How 撤销 takes it back: what to keep (null or undefined where this outcome changed nothing), and what restores it
   * (refusing with `changed_since` where something later touched the record).
   */
  undo?: {
    keep(output: O): unknown;
    restore(scope: Scope, kept: unknown): Promise<Reply>;
  };
};

/** A command with its own types closed over, as the registry holds it. */
export type AnyCommand = Command<unknown, unknown>;

/** Declares a command; the registry, help, menu, hints and the sandbox's buttons are made from it. */
export function defineCommand<I, O>(command: Command<I, O>): AnyCommand {
  return command as unknown as AnyCommand;
}
