import { z } from 'zod';
import { readDay } from '../../chat/dates.ts';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { readNumbers } from '../../chat/numbers.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import { halfWidth } from '../../chat/said.ts';
import { Day, KEPT } from '../../customers/index.ts';
import { sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { contactsToday } from './contacts-today.ts';
import { type Postponed, type PostponeKept, postponeContacts, refuse, undoPostpone } from './postpone-contacts.ts';
import { type RemindedLater, remindLater } from './remind-later.ts';

const LATER = '稍后|等会|等会儿|待会|待会儿|晚点';
const IS_LATER = new RegExp(`^(?:${LATER})$`);
const ALWAYS = new RegExp(`^(?:${LATER}|[明后]天)$`);
const ALL = /^(?:全部|都)\s*/;
const AGAIN = /\s*(?:再说|再联系|再打|再聊|再提醒|提醒)$/;
/** Any Monday: whether a text is a day does not depend on it, which day it is does. */
const SOME_DAY = '2026-01-05';
const MOST_NAMED = 3;

const Postpone = z.object({ customerIds: z.array(z.number().int()).min(1), day: Day.nullable() });

type Outcome = { moved: Postponed; later?: undefined } | { later: RemindedLater; moved?: undefined };

/** 稍后, 明天, 1 明天, 2 下周一再联系: answers to the morning's reminder, for all or for some of its numbers. */
export const postpone = defineCommand({
  id: 'customers.postpone',
  words: ['稍后', 'later'],
  usage: '稍后 [N]',
  does: '约好的过两小时再提醒；「1 明天」「1 周五」改天',
  permission: 'customers.followUp',
  takes: 'all',
  match: (text, shown) => {
    const said = readWhen(text);
    if (!said) return null;
    // 周五 alone answers the reminder that was shown last; 明天 and 稍后 are always an answer to it.
    const isMeant = said.numbers ? shown === null || shown === KEPT.reminder.kind : shown === KEPT.reminder.kind;
    return isMeant || (said.numbers === null && ALWAYS.test(said.when)) ? { word: '', rest: text, args: [] } : null;
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
  const isDay = (said: string) => /\p{Script=Han}/u.test(said) && readDay(said, SOME_DAY) !== null;
  const whole = halfWidth(text).trim();
  const read = isDay(whole) ? null : readNumbers(text);
  const when = (read ? halfWidth(read.rest) : whole).trim().replace(ALL, '').replace(AGAIN, '');
  return IS_LATER.test(when) || isDay(when) ? { when, numbers: read?.numbers ?? null } : null;
}

function readPostpone(text: string, talk: Talk): unknown {
  const { when, numbers } = readWhen(text) ?? { when: '稍后', numbers: null };
  // Without a number all of today's are meant, whatever was listed since; a number is one of the list shown last.
  const list = numbers === null ? talk.list('reminder') : talk.list();
  if (list?.kind !== KEPT.reminder.kind) {
    throw refuse.no_reminder();
  }
  const customerIds = numbers ? talk.nths(numbers.join('、'), { slot: 'reminder', which: '哪一位' }) : list.items;
  const { today } = talk.scope;
  const day = IS_LATER.test(when) ? null : readDay(when, today);
  if (day !== null && day <= today) throw refuse.not_later({ day: sayDay(day, today) });
  return { customerIds, day };
}

function several(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join('、');
  return names.length > MOST_NAMED ? `${named}等 ${names.length} 位` : named;
}

export const reminderCommands: readonly AnyCommand[] = [contactsToday, postpone];
