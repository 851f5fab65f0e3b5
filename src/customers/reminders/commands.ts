import { z } from 'zod';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { readNumbers } from '../../chat/numbers.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import { halfWidth } from '../../chat/said.ts';
import { addDays, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { KEPT } from '../kept-numbers.ts';
import { Day } from '../schema.ts';
import { contactsToday } from './contacts-today.ts';
import { type Postponed, type PostponeKept, postponeContacts, refuse, undoPostpone } from './postpone-contacts.ts';
import { type RemindedLater, remindLater } from './remind-later.ts';

const LATER = '稍后|等会|等会儿|待会|待会儿|晚点';
const WHEN = new RegExp(`^(?:全部|都)?\\s*(${LATER}|明天|后天)(?:再说|再联系|再打|再提醒|提醒)?$`);
const DAYS: Readonly<Record<string, number>> = { 明天: 1, 后天: 2 };
const MOST_NAMED = 3;

const Postpone = z.object({ customerIds: z.array(z.number().int()).min(1), day: Day.nullable() });

type Outcome = { moved: Postponed; later?: undefined } | { later: RemindedLater; moved?: undefined };

/** 稍后, 明天, 1 明天: answers to the morning's reminder, for all or for some of its numbers. */
export const postpone = defineCommand({
  id: 'customers.postpone',
  words: ['稍后', 'later'],
  usage: '稍后 [N]',
  does: '约好的过两小时再提醒；「1 明天」改到明天',
  permission: 'customers.followUp',
  takes: 'all',
  match: (text, shown) => {
    const said = readWhen(text);
    return said && (said.numbers === null || shown === null || shown === KEPT.reminder.kind)
      ? { word: '', rest: text, args: [] }
      : null;
  },
  input: Postpone,
  read: ({ word, rest, args }, talk) => {
    if (word === '') return readPostpone(rest, talk);
    const said = args.length === 0 ? '稍后' : `${args.join(' ')} 稍后`;
    if (!readWhen(said)) throw refuseChat.left_over({ left: args.join(' '), usage: '稍后 1' });
    return readPostpone(said, talk);
  },
  run: async (scope: Scope, { customerIds, day }): Promise<Outcome> =>
    day === null
      ? { later: await remindLater(scope, { customerIds }) }
      : { moved: await postponeContacts(scope, { customerIds, day }) },
  reply: ({ moved, later }, { scope }) => {
    if (later) return reply(`好的，${scope.time.format(later.at).slice(-5)} 再提醒：${several(later.names)}`);
    const { names, day, atRisk } = moved;
    return reply(
      `改到 ${sayDay(day, scope.today)}：${several(names)}`,
      atRisk.length > 0 && `${several(atRisk)}等不到那天就会回公海，最好还是先联系一次`,
    );
  },
  undo: {
    keep: ({ moved }) => moved?.kept,
    restore: async (scope, kept) => {
      const { names } = await undoPostpone(scope, kept as PostponeKept);
      return reply(`已撤销：${several(names)}的下次联系改回原来的日子`);
    },
  },
});

/** When it was put off to, and which numbers; null for all of them. Null where the text says no such thing. */
function readWhen(text: string): { when: string; numbers: number[] | null } | null {
  const read = readNumbers(text);
  const [, when] = WHEN.exec(halfWidth(read ? read.rest : text).trim()) ?? [];
  return when === undefined ? null : { when, numbers: read?.numbers ?? null };
}

function readPostpone(text: string, talk: Talk): unknown {
  const { when, numbers } = readWhen(text) ?? { when: '稍后', numbers: null };
  // Without a number all of today's are meant, whatever was listed since; a number is one of the list shown last.
  const list = numbers === null ? talk.list('reminder') : talk.list();
  if (list?.kind !== KEPT.reminder.kind) {
    throw refuse.no_reminder();
  }
  const customerIds = numbers ? talk.nths(numbers.join('、'), { slot: 'reminder', which: '哪一位' }) : list.items;
  const days = DAYS[when];
  return { customerIds, day: days === undefined ? null : addDays(talk.scope.today, days) };
}

function several(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join('、');
  return names.length > MOST_NAMED ? `${named}等 ${names.length} 位` : named;
}

export const reminderCommands: readonly AnyCommand[] = [contactsToday, postpone];
