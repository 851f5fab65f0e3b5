import type { z } from 'zod';
import type { Scope } from '../kernel/scope.ts';
import type { Reply } from './reply.ts';

/**
 * A text as said: the word that chose the command, the rest as written, and the rest split at blanks with full-width
 * letters and digits made half-width. Where the usage begins with N, the number is parted from what follows it in both:
 * 跟进1约了周五 has the rest `1 约了周五`.
 */
export type Said = { word: string; rest: string; args: readonly string[] };

/**
 * A numbered list a person can answer to: the records behind 1, 2, 3 … 下一页 runs the command again with what `read`
 * gave, `query` laid over it and `page` one higher; a list is paged where its input or `query` has a `page` number.
 */
export type KeptList = { kind: string; items: readonly number[]; query?: Record<string, unknown> };

/** What a command may ask about the conversation while it reads its words. */
export type Talk = {
  scope: Scope;
  /** This person's valid list in that slot, or null. */
  list(slot?: ListSlot): KeptList | null;
  /**
   * The record behind the Nth number of the person's list.
   * @throws Refusal `no_such_number` saying which list to ask for, or how many there are
   */
  nth(n: string | undefined, options?: NumberOptions): number;
};

/** Which lists a number may come from, and how to ask for it: `from` the words that show such a list, `which` 哪一位. */
export type NumberOptions = {
  kinds?: readonly string[];
  slot?: ListSlot;
  from?: readonly string[];
  which?: string;
};

/**
 * Lists live side by side: the last one shown, the evening digest's, the morning's of whom one meant to contact, and of
 * those whom one wants to be reminded of later.
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
  /** Other ways to say it than by its words: the text's reading, or null. */
  match?(text: string): Said | null;
  input: z.ZodType<I>;
  read(said: Said, talk: Talk): unknown;
  /** Stands for another command, said with this input: 下一页. Its own `run` is then never reached. */
  repeats?(talk: Talk): { command: string; input: unknown };
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
