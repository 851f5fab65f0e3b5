import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { personOf } from '../../kernel/actor.ts';
import { dayFromDb, dayToDb, type SchoolDay } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { ASSIGNMENT_STATES } from '../choices.ts';
import { readFilterWords } from '../filters.ts';
import { namesInList } from '../namesakes.ts';
import { sayCount, sayLastContact } from '../phrases.ts';
import { type ListedAssignment, readMyPage } from '../queries.ts';
import { lineOf } from './say-customer.ts';

const PAGE = 6;

const ListMine = z.object({ words: z.array(z.string()), page: z.number().int().min(1).default(1) });

/** 我的客户 [筛选]: my assignment rows: following, then lost, then won (rule 5). */
export const listMine = defineCommand({
  id: 'customers.mine',
  words: ['我的客户', 'mine'],
  usage: '我的客户 [筛选]',
  does: '看跟进中、丢掉和成单的客户',
  permission: 'customers.list',
  takes: 'all',
  menu: { group: '客户', name: '我的客户' },
  makes: ['mine'],
  input: ListMine,
  read: ({ args }) => ({ words: args, page: 1 }),
  run: async (scope: Scope, { words, page }) => {
    const { customer, states, days } = await readFilterWords(scope, words);
    const filter = {
      customer,
      ...(states.length > 0 && { state: { in: [...states] } }),
      ...(days && { date: { gte: dayToDb(days.from), lte: dayToDb(days.to) } }),
    };
    const found = await readMyPage(scope, personOf(scope.actor), { filter, page, size: PAGE });
    return { words, page, today: scope.today, ...found };
  },
  keeps: ({ rows, page }) => ({ kind: 'mine', items: rows.map(({ customer }) => customer.id), query: { page } }),
  reply: ({ words, page, today, rows, total, following }) => {
    if (rows.length === 0)
      return words.length > 0
        ? reply(`你的客户里没有符合「${words.join(' ')}」的`, '回复「我的客户」看全部')
        : reply('你还没有客户', '回复「公海」看看能抢的');
    const filtered = words.length > 0 ? `（${words.join(' ')}）` : '';
    const called = namesInList(rows.map(({ customer }) => customer));
    const more = total > page * PAGE ? '，「下一页」继续' : '';
    return reply(
      `我的客户${filtered} ${sayCount(total)} 位，在跟 ${following} 位${page > 1 ? `，第 ${page} 页` : ''}：`,
      ...rows.map((row, index) =>
        lineOf(index + 1, { ...row.customer, name: called(row.customer) }, sayState(row, today)),
      ),
      `回复「客户 1」看资料，「跟进 1 内容」记跟进${more}`,
    );
  },
});

/** Following ones say when they were contacted; ended ones why, and when. */
function sayState({ state, endedOn, customer }: ListedAssignment, today: SchoolDay): string {
  if (state === 'following') {
    const { receivedOn, lastContactedOn } = customer;
    return sayLastContact({ receivedOn: dayFromDb(receivedOn), lastContactedOn: dayFromDb(lastContactedOn) }, today);
  }
  return [ASSIGNMENT_STATES[state], endedOn && dayFromDb(endedOn).slice(5)].filter(Boolean).join(' ');
}
