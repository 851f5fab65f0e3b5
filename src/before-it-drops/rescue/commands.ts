import { z } from 'zod';
import { findDay, readDay } from '../../chat/dates.ts';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { refuse as refuseChat } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import {
  CUSTOMER_LISTS,
  Day,
  type FollowUpKept,
  KEPT,
  sayNext,
  shorten,
  undoFollowUps,
} from '../../customers/index.ts';
import { paragraph } from '../../kernel/normal/fields.ts';
import type { Scope } from '../../kernel/scope.ts';
import { saySweep } from './coming-sweep.ts';
import { refuse } from './phrases.ts';
import { readAnswers } from './read-answers.ts';
import { readMyDrops } from './read-my-drops.ts';
import { type RescueOutcome, rescueCustomers } from './rescue-customers.ts';
import { pagesOf, sayDrops, sayTeam } from './say-drops.ts';

const LONGEST_ECHO = 60;
const MOST_LINES = 5;
const MOST_LEFT = 4;

const ListDrops = z.object({ page: z.number().int().min(1).default(1) });

/** 快掉了: what the coming sweep will take; its numbers hold until then, and are shown again by it. */
export const listAboutToDrop = defineCommand({
  id: 'customers.about-to-drop',
  words: ['快掉了', '快掉', 'dropping'],
  usage: '快掉了 [页]',
  does: '看要回公海的客户，回「1 内容」就留住',
  permission: 'customers.list',
  menu: { group: '客户', name: '快掉了' },
  makes: ['rescue'],
  input: ListDrops,
  read: ({ args: [page] }) => {
    if (page !== undefined && !/^\d{1,3}$/.test(page)) throw refuseChat.left_over({ left: page, usage: '快掉了' });
    return { page: page === undefined ? undefined : Number(page) };
  },
  run: async (scope: Scope, { page }) => {
    const mine = await readMyDrops(scope);
    if (page > 1 && page > pagesOf(mine.drops, mine.numbered)) throw refuseChat.last_page();
    return { page, ...mine };
  },
  keeps: ({ numbers, page, sweep }) =>
    numbers.length === 0
      ? null
      : { slot: KEPT.rescue.slot, kind: KEPT.rescue.kind, items: numbers, query: { page }, expiresAt: sweep.at },
  reply: ({ page, sweep, drops, numbered, team }, { scope }) => {
    const count = drops.savableCount + drops.lostCount;
    const until = saySweep(sweep, scope);
    const others = team.filter(({ consultantId }) => consultantId !== scope.actor.id);
    const theirs = others.reduce((sum, own) => sum + own.count, 0);
    const ofTeam = theirs > 0 ? [`同事手上 ${theirs} 位：`, ...sayTeam(others)] : [];
    if (count === 0 && theirs > 0) return reply(`你没有快掉的客户，${until}回公海的：`, ...sayTeam(others));
    if (count === 0) return reply(`${until}没有会掉的客户，都跟得上`, '回复「我的客户」看在跟的');
    const lines = sayDrops(drops, numbered, { today: scope.today, page });
    return reply(`${count} 位客户快掉了，${until}回公海：`, ...lines, ...(page === 1 ? ofTeam.slice(0, 1) : []));
  },
});

const RescueInput = z.object({
  items: z.array(z.number().int()),
  isRescue: z.boolean(),
  answers: z
    .array(
      z.object({
        number: z.number().int(),
        customerId: z.number().int(),
        note: paragraph('跟进内容', 2000),
        nextContactOn: Day.optional(),
      }),
    )
    .min(1)
    .max(50, '一次最多记 50 位'),
});

/**
 * `3 已约周五试听`, `1、2 没接`, `全部 已群发`: numbers of the list shown last with what was said write those follow-ups; of
 * the evening's list they save the customers (rule 2). Several in one message work.
 */
export const rescue = defineCommand({
  id: 'customers.rescue',
  words: ['留住', 'save'],
  usage: '留住 N 内容',
  does: '给快掉的客户记跟进，直接回「3 已约周五」也行',
  permission: 'customers.followUp',
  takes: 'text',
  numbers: { of: CUSTOMER_LISTS },
  // Nothing is offered as arguments, so that the examples in answers are not made tappable.
  match: (text, shown) =>
    (shown === null || CUSTOMER_LISTS.includes(shown)) && readAnswers(text)
      ? { word: '留住', rest: text, args: [] }
      : null,
  input: RescueInput,
  read: ({ rest }, talk) => readRescue(rest, talk),
  run: async (scope: Scope, { answers, items, isRescue }) => ({
    isRescue,
    ...(await rescueCustomers(scope, { answers, items })),
  }),
  reply: (outcome, { scope }) => sayRescue(outcome, scope),
  undo: {
    keep: ({ written }) => written.map(({ kept }) => kept),
    restore: async (scope, kept) => {
      const { names } = await undoFollowUps(scope, kept as FollowUpKept[]);
      return reply(`已撤销：${names.join('、')}的跟进去掉了，最后跟进也改回原来的日子`);
    },
  },
});

function readRescue(text: string, talk: Talk): unknown {
  const { scope } = talk;
  const answers = readAnswers(text) ?? [];
  const list = talk.list();
  const first = answers[0]?.numbers[0] ?? 1;
  if (!list || answers.length === 0)
    throw refuse.no_rescue_list({ number: Number(first) || 1, note: shorten(answers[0]?.note ?? '', 20) });
  const keepsAll = list.kind === KEPT.rescue.kind || list.kind === KEPT.reminder.kind;
  const read = answers.flatMap(({ numbers, note }) => {
    if (numbers === 'all' && !keepsAll) throw refuse.name_numbers({ note: shorten(note, 20) });
    const ids =
      numbers === 'all'
        ? [...list.items]
        : talk.nths(numbers.join('、'), { kinds: CUSTOMER_LISTS, from: ['快掉了', '我的客户'], which: '哪一位' });
    const number = (id: number) => list.items.indexOf(id) + 1;
    // 「1 明天」 and nothing else is no note; the morning's list takes it as another day.
    if (note === '' || readDay(note, scope.today) !== null)
      throw refuse.nothing_said({ number: number(ids[0] ?? 0) || 1 });
    return ids.map((customerId) => ({
      number: number(customerId),
      customerId,
      note,
      nextContactOn: findDay(note, scope.today) ?? undefined,
    }));
  });
  return { items: list.items, isRescue: list.kind === KEPT.rescue.kind, answers: read };
}

type Said = RescueOutcome & { isRescue: boolean };

function sayRescue({ isRescue, written, refused, left, sweep }: Said, scope: Scope) {
  const { today, actor } = scope;
  const saved = written.every(({ drop }) => drop === null || drop.day > sweep.day);
  const done = isRescue && saved ? '留住了' : '已记下';
  const wrong = refused.map(({ number, why }) => `${number} 号没记上：${why}`);
  const [only] = written;
  if (written.length === 1 && only)
    return reply(
      `${done}：${only.name} · ${shorten(only.note, LONGEST_ECHO)}`,
      sayNext(only, { today, readerId: actor.id }),
      ...wrong.slice(0, MOST_LINES),
      isRescue && sayLeft(left),
    );
  const rest = written.length - MOST_LINES;
  return reply(
    `${done} ${written.length} 位：`,
    ...written
      .slice(0, MOST_LINES)
      .map(({ number, name, note }) => shorten(`${number} ${name} · ${note}`, LONGEST_ECHO)),
    rest > 0 && `……还有 ${rest} 位也记下了`,
    ...wrong.slice(0, MOST_LINES),
    isRescue && sayLeft(left),
  );
}

function sayLeft(left: Said['left']): string {
  if (left.length === 0) return '快掉的都留住了';
  const named = left.slice(0, MOST_LEFT).map(({ number, customer }) => `${number} ${shorten(customer.name, 12)}`);
  return `还有 ${left.length} 位快掉：${named.join(' · ')}${left.length > MOST_LEFT ? ' …' : ''}`;
}

export const rescueCommands: readonly AnyCommand[] = [listAboutToDrop, rescue];
