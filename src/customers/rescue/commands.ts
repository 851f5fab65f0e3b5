import { z } from 'zod';
import { findDay } from '../../chat/dates.ts';
import { type AnyCommand, defineCommand, type Talk } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { addDays, sayDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { paragraph } from '../formats.ts';
import { sayDeadline, shorten } from '../phrases.ts';
import { Day } from '../schema.ts';
import type { FollowUpKept } from '../write-follow-up.ts';
import { saySweep } from './coming-sweep.ts';
import { refuse } from './phrases.ts';
import { readAnswers } from './read-answers.ts';
import { readMyDrops } from './read-my-drops.ts';
import { type RescueOutcome, rescueCustomers, undoRescue } from './rescue-customers.ts';
import { pagesOf, sayDrops, sayTeam } from './say-drops.ts';

const LONGEST_ECHO = 60;
const MOST_LINES = 5;
const MOST_LEFT = 4;

const ListDrops = z.object({ page: z.number().int().min(1).default(1) });

/** 快掉了: what tonight's sweep will take; its numbers save, and are a list of their own. */
export const listAboutToDrop = defineCommand({
  id: 'customers.about-to-drop',
  words: ['快掉了', '快掉', 'dropping'],
  usage: '快掉了 [页]',
  does: '看今晚会回公海的客户，回「1 内容」就留住',
  permission: 'customers.list',
  menu: { group: '客户', name: '快掉了' },
  input: ListDrops,
  read: ({ args: [page] }) => ({ page: /^\d{1,3}$/.test(page ?? '') ? Number(page) : undefined }),
  run: async (scope: Scope, { page }) => ({ page, ...(await readMyDrops(scope)) }),
  reply: ({ page, sweep, drops, numbered, team }, { scope }) => {
    const count = drops.savableCount + drops.lostCount;
    const until = saySweep(sweep, scope);
    const others = team.filter(({ consultantId }) => consultantId !== scope.actor.id);
    const theirs = others.reduce((sum, own) => sum + own.count, 0);
    const ofTeam = theirs > 0 ? [`同事手上 ${theirs} 位：`, ...sayTeam(others)] : [];
    if (count === 0 && theirs > 0) return reply(`你没有快掉的客户，${until} 回公海的：`, ...sayTeam(others));
    if (count === 0) return reply(`${until} 没有会掉的客户，都跟得上`, '回复「我的客户」看在跟的');
    const last = pagesOf(drops, numbered);
    const shown = Math.min(page, last);
    const lines = sayDrops(drops, numbered, { today: scope.today, page: shown });
    return reply(`${count} 位客户快掉了，${until} 回公海：`, ...lines, ...(shown === 1 ? ofTeam.slice(0, 1) : []));
  },
});

const RescueInput = z.object({
  items: z.array(z.number().int()),
  isRescue: z.boolean(),
  answers: z
    .array(
      z.object({
        number: z.number().int(),
        customerId: z.number().int().nullable(),
        note: paragraph('跟进内容', 2000),
        nextContactOn: Day.optional(),
      }),
    )
    .min(1)
    .max(50, '一次最多记 50 位'),
});

/**
 * `3 已约周五试听`: an answer to the evening's digest writes that follow-up and saves number 3; several in one message
 * work. Where there is no such list, the morning's numbers are meant.
 */
export const rescue = defineCommand({
  id: 'customers.rescue',
  words: ['留住', 'save'],
  usage: '留住 N 内容',
  does: '给快掉的客户记跟进，直接回「3 已约周五」也行',
  permission: 'customers.followUp',
  takes: 'text',
  // Nothing is offered as arguments, so that the examples in answers are not made tappable.
  match: (text) => (readAnswers(text) ? { word: '留住', rest: text, args: [] } : null),
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
      const { names } = await undoRescue(scope, kept as FollowUpKept[]);
      return reply(`已撤销：${names.join('、')}的跟进去掉了，最后跟进也改回原来的日子`);
    },
  },
});

function readRescue(text: string, talk: Talk): unknown {
  const answers = readAnswers(text) ?? [];
  const rescueList = talk.list('rescue');
  const list = rescueList ?? talk.list('reminder');
  if (!list)
    throw refuse.no_rescue_list({ number: answers[0]?.number ?? 1, note: shorten(answers[0]?.note ?? '', 20) });
  const empty = answers.find(({ note }) => note === '');
  if (empty) throw refuse.nothing_said({ number: empty.number });
  return {
    items: list.items,
    isRescue: rescueList !== null,
    answers: answers.map(({ number, note }) => ({
      number,
      customerId: list.items[number - 1] ?? null,
      note,
      nextContactOn: findDay(note, talk.scope.today) ?? undefined,
    })),
  };
}

type Said = RescueOutcome & { isRescue: boolean };

function sayRescue({ isRescue, written, refused, left, sweep }: Said, scope: Scope) {
  const { today } = scope;
  const saved = written.every(({ drop }) => drop === null || drop.day > sweep.day);
  const done = isRescue && saved ? '留住了' : '已记下';
  const wrong = refused.map(({ number, why }) => `${number} 号没记上：${why}`);
  const [only] = written;
  if (written.length === 1 && only) {
    const { name, note, nextContactOn, drop } = only;
    const next = nextContactOn
      ? `下次联系 ${sayDay(nextContactOn, today)}，到时提醒你`
      : drop && sayDeadline(drop, addDays(drop.day, -1), today);
    return reply(
      `${done}：${name} · ${shorten(note, LONGEST_ECHO)}`,
      next,
      ...wrong.slice(0, MOST_LINES),
      isRescue && sayLeft(left),
    );
  }
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
