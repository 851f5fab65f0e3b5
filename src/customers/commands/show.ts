import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import type { Scope } from '../../kernel/scope.ts';
import { sayContacts, sayNote } from '../phrases.ts';
import { readFile } from '../queries.ts';
import { visibleCustomers } from '../visibility.ts';
import { sayDates, sayFacts, sayTitle } from './say-file.ts';
import { meantCustomer, numberOf } from './which-customer.ts';
import { withWholeName } from './whole-name.ts';

/** `listed` where the list shown last has the customer, so that its numbers stay. */
const ShowCustomer = z.object({ customerId: z.number(), listed: z.boolean() });

/** 客户 N: the file and the last follow-ups; a pool customer's contacts are masked until claimed. */
export const show = defineCommand({
  id: 'customers.show',
  words: ['客户', 'show'],
  usage: '客户 N',
  does: '看资料和最近的跟进，N 也可以写名字，比如 客户 王小雨',
  permission: 'customers.list',
  input: ShowCustomer,
  read: async (said, talk) => {
    const { args } = await withWholeName(said, talk, visibleCustomers(talk.scope.actor));
    const customerId = await meantCustomer(args[0], talk);
    return { customerId, listed: numberOf(customerId, talk) !== null };
  },
  run: async (scope: Scope, { customerId, listed }) => ({ ...(await readFile(scope, customerId)), listed }),
  // Whoever was asked for by name can be answered to as number 1.
  keeps: ({ row, listed }) => (listed ? null : { kind: row.consultant ? 'mine' : 'pool', items: [row.id] }),
  reply: (file, talk) => {
    const { row, notes } = file;
    const { today, actor } = talk.scope;
    const n = numberOf(row.id, talk) ?? 1;
    const next = !row.consultant
      ? `抢到才能看到联系方式和跟进，回复「抢 ${n}」`
      : row.consultant.id === actor.id && `回复「跟进 ${n} 内容」记跟进`;
    return reply(
      sayTitle(file),
      sayContacts(row),
      sayFacts(row),
      sayDates(row, today),
      ...notes.map((note) => sayNote(note, today)),
      next,
    );
  },
});
