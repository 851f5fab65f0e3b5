import { z } from 'zod';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { halfWidth } from '../../chat/said.ts';
import { addDays, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { Day } from '../schema.ts';
import { type Postponed, type PostponeKept, postponeContacts, refuse, undoPostpone } from './postpone-contacts.ts';
import { type RemindedLater, remindLater } from './remind-later.ts';

const LATER = '稍后|等会|等会儿|待会|待会儿|晚点';
const WHEN = `(${LATER}|明天|后天)(?:再说|再联系|再打|再提醒|提醒)?`;
const SAID = new RegExp(
  `^(?:(?:全部|都)?\\s*${WHEN}|(\\d{1,3}(?:[\\s、,，和]+\\d{1,3})*)\\s*[号位]?[\\s，,、:：]*${WHEN})$`,
);
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
  match: (text) => (SAID.test(halfWidth(text)) ? { word: '', rest: text, args: [] } : null),
  input: Postpone,
  read: ({ word, rest, args }, talk) => readPostpone(word === '' ? rest : `${args.join(' ')} 稍后`.trim(), talk),
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

function readPostpone(text: string, talk: Talk): unknown {
  const [, forAll, given = '', forSome] = SAID.exec(halfWidth(text)) ?? [];
  const when = forAll ?? forSome ?? '稍后';
  const numbers = (given.match(/\d+/g) ?? []).map(Number);
  const list = talk.list('reminder');
  if (!list) {
    const [first] = numbers;
    if (first !== undefined && talk.list('rescue')) throw refuse.say_what_was_said({ number: first, day: '周五' });
    throw refuse.no_reminder();
  }
  const customerIds =
    numbers.length === 0 ? list.items : numbers.map((n) => talk.nth(String(n), { slot: 'reminder', which: '哪一位' }));
  const days = DAYS[when];
  return { customerIds, day: days === undefined ? null : addDays(talk.scope.today, days) };
}

function several(names: readonly string[]): string {
  const named = names.slice(0, MOST_NAMED).join('、');
  return names.length > MOST_NAMED ? `${named}等 ${names.length} 位` : named;
}

export const reminderCommands: readonly AnyCommand[] = [postpone];
