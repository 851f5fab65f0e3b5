import type { Scope } from '../kernel/scope.ts';
import type { AnyCommand, KeptList, ListSlot, NumberOptions, Talk } from './define-command.ts';
import { readNumbers } from './numbers.ts';
import { refuse } from './phrases.ts';
import type { Registry } from './registry.ts';

const VALID_MS = 10 * 60 * 1000;

/** How a paged list was made, for 下一页: the command, what it was given, and the page shown. */
export type PageQuery = { command: string; args: Record<string, unknown>; page: number };

/** A person's list as stored; `live` while its numbers are valid. The `id` grows whenever a list is shown. */
export type StoredList = {
  id: number;
  slot: ListSlot;
  kind: string;
  items: number[];
  query: PageQuery | null;
  live: boolean;
};

/**
 * Keeps the numbers an answer (or the evening digest) shows a person; they replace the earlier ones in that slot, and
 * from now on a number means this list. Valid until `expiresAt`, ten minutes where none is given.
 */
export async function keepList(
  { tx, now }: Pick<Scope, 'tx' | 'now'>,
  personId: number,
  list: KeptList & { slot?: ListSlot; expiresAt?: Date },
  query: PageQuery | null = null,
): Promise<void> {
  await keepLists({ tx, now }, [{ ...list, personId, pageQuery: query }]);
}

/** Keeps lists for several people at once, for what is sent to many: the evening's digest, the morning's reminder. */
export async function keepLists(
  { tx, now }: Pick<Scope, 'tx' | 'now'>,
  lists: readonly (KeptList & { personId: number; slot?: ListSlot; expiresAt?: Date; pageQuery?: PageQuery | null })[],
): Promise<void> {
  if (lists.length === 0) return;
  const rows = lists.map(({ personId, slot = 'list', kind, items, expiresAt, pageQuery = null }) => ({
    personId,
    slot,
    kind,
    items,
    query: pageQuery,
    expiresAt: expiresAt ?? new Date(now.getTime() + VALID_MS),
  }));
  await tx.$executeRaw`
    INSERT INTO "NumberedList" ("personId", "slot", "kind", "items", "query", "createdAt", "expiresAt")
    SELECT r."personId", r."slot", r."kind", r."items", r."query", ${now}, r."expiresAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
      "personId" int, "slot" text, "kind" text, "items" jsonb, "query" jsonb, "expiresAt" timestamptz)
    ORDER BY r."personId"
    ON CONFLICT ("personId", "slot") DO UPDATE SET "id" = excluded."id", "kind" = excluded."kind", "items" = excluded."items",
      "query" = excluded."query", "createdAt" = excluded."createdAt", "expiresAt" = excluded."expiresAt"`;
}

/** The list a number means: the one shown last, whatever sent it; null where there never was one. */
export function shownLast(lists: readonly StoredList[]): StoredList | null {
  const seen = lists.filter(({ slot }) => slot !== 'later');
  return seen.reduce<StoredList | null>((last, list) => (last && last.id > list.id ? last : list), null);
}

/** What a command reads the conversation with; the person's lists are at hand already. */
export function createTalk(parts: {
  scope: Scope;
  lists: readonly StoredList[];
  registry: Pick<Registry, 'commands'>;
  command: AnyCommand;
}): Talk {
  const { scope, lists, registry, command } = parts;

  function makers({ kinds, from }: NumberOptions): string {
    const words =
      from ??
      registry.commands
        .filter(({ makes }) => makes?.some((kind) => kinds?.includes(kind) ?? true))
        .map(({ words: [word] }) => word);
    return words.map((word) => `「${word}」`).join('或');
  }

  const slotOf = (slot: ListSlot | undefined) =>
    slot === undefined ? shownLast(lists) : (lists.find((stored) => stored.slot === slot) ?? null);

  function nths(n: string | undefined, options: NumberOptions = {}): number[] {
    const { kinds, slot, which = '哪一个' } = options;
    const no = (why: string) => refuse.no_such_number({ why });
    const words = makers(options);
    const places = readPlaces(n);
    if (places === null) {
      const usage = command.usage.replace('N', '1');
      throw no(`${command.words[0]}${which}？回复「${usage}」这样的编号${words && `，编号来自${words}的列表`}`);
    }
    const first = words ? `先回复${words}` : '先把列表调出来';
    const list = slotOf(slot);
    if (!list) throw no(`还没有列表，${first}，再说编号`);
    if (!list.live) throw no(`列表的编号过期了，${first}重新看一遍`);
    if (kinds && !kinds.includes(list.kind)) throw no(`刚才的列表不是这一种，${first}，再说编号`);
    if (list.items.length === 0) throw no(`刚才的列表是空的，${first}`);
    return places.map((place) => {
      const id = list.items[place - 1];
      if (id !== undefined) return id;
      const numbers = list.items.length === 1 ? '1 号' : `1 到 ${list.items.length}`;
      throw no(`列表里只有 ${numbers}，没有 ${place}`);
    });
  }

  function nth(n: string | undefined, options: NumberOptions = {}): number {
    const places = readPlaces(n) ?? [];
    if (places.length > 1) throw refuse.one_number({ word: command.words[0], first: places[0] ?? 1 });
    return nths(n, options)[0] as number;
  }

  return {
    scope,
    list: (slot) => {
      const list = slotOf(slot);
      return list?.live ? { kind: list.kind, items: list.items, ...(list.query && { query: list.query }) } : null;
    },
    nth,
    nths,
  };
}

/** The places in a list: 1, 第1个, 3号, 三, 2、3; null for what is no number. */
export function readPlaces(n: string | undefined): number[] | null {
  const read = readNumbers(n ?? '');
  return read && read.rest === '' ? read.numbers : null;
}
