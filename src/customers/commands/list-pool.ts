import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { addDays, type SchoolTime } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { POOL_REASONS } from '../choices.ts';
import { readFilterWords } from '../filters.ts';
import { namesInList } from '../namesakes.ts';
import { sayCount } from '../phrases.ts';
import { readPoolPage } from '../queries.ts';
import type { Span } from '../read-span.ts';
import { lineOf } from './say-customer.ts';

/** A header, six customers and the way on make eight lines. */
const PAGE = 6;

const ListPool = z.object({
  words: z.array(z.string()),
  page: z.number().int().default(1),
  after: z.object({ pooledAt: z.string(), id: z.number() }).nullable().default(null),
});

/** 公海 [筛选]: what can be claimed, numbered, last come first. */
export const listPool = defineCommand({
  id: 'customers.pool',
  words: ['公海', 'pool'],
  usage: '公海 [筛选]',
  does: '看能抢的客户，可按来源、课程、原因筛选',
  permission: 'customers.list',
  takes: 'all',
  menu: { group: '客户', name: '公海' },
  makes: ['pool'],
  input: ListPool,
  read: ({ args }) => ({ words: args, page: 1, after: null }),
  run: async (scope: Scope, { words, page, after }) => {
    const filter = await readFilterWords(scope, words);
    const where = {
      AND: [
        filter.customer,
        filter.reasons.length > 0 ? { poolReason: { in: [...filter.reasons] } } : {},
        filter.days ? { pooledAt: instantsOf(filter.days, scope.time) } : {},
      ],
    };
    const { customers, total } = await readPoolPage(scope, { filter: where, after, page, size: PAGE });
    return { words, page, customers, total, before: (page - 1) * PAGE };
  },
  keeps: ({ customers, page }) => {
    const last = customers.at(-1);
    const after = last?.pooledAt ? { pooledAt: last.pooledAt.toISOString(), id: last.id } : null;
    return { kind: 'pool', items: customers.map(({ id }) => id), query: { page, after } };
  },
  reply: ({ words, page, customers, total, before }) => {
    const filtered = words.length > 0 ? `（${words.join(' ')}）` : '';
    if (customers.length === 0)
      return filtered
        ? reply(`公海里没有符合「${words.join(' ')}」的客户`, '回复「公海」看全部')
        : reply('公海现在是空的，有客户进来会告诉你');
    const order = page === 1 ? '最近进来的在前' : `第 ${page} 页`;
    const called = namesInList(customers);
    const more = total > before + customers.length ? '，「下一页」继续' : '';
    const narrow = filtered ? '，「公海」看全部' : '，「公海 百度推广」筛选';
    return reply(
      `公海${filtered} ${sayCount(total)} 位，${order}：`,
      ...customers.map((customer, index) =>
        lineOf(
          index + 1,
          { ...customer, name: called(customer) },
          customer.poolReason && POOL_REASONS[customer.poolReason],
        ),
      ),
      `回复「抢 1」抢单${more}${narrow}`,
    );
  },
});

function instantsOf({ from, to }: Span, time: SchoolTime): { gte: Date; lt: Date } {
  return { gte: time.instantOf(from), lt: time.instantOf(addDays(to, 1)) };
}
