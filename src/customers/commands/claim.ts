import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { type ClaimKept, claimCustomer } from '../claim-customer.ts';
import { sayContacts, sayDays, sayNote } from '../phrases.ts';
import { ClaimCustomer } from '../schema.ts';
import { undoClaim } from '../undo-claim.ts';
import { sayFacts } from './say-file.ts';
import { numberOf } from './which-customer.ts';

/** 抢 N: claims the Nth of the pool's list; the winner gets the whole file and earlier notes. */
export const claim = defineCommand({
  id: 'customers.claim',
  words: ['抢', '抢单', 'grab'],
  usage: '抢 N',
  does: '抢公海列表里的第 N 位',
  permission: 'customers.claim',
  input: ClaimCustomer,
  read: ({ args: [n] }, talk) => ({ customerId: talk.nth(n, { kinds: ['pool'], from: ['公海'], which: '哪一位' }) }),
  run: claimCustomer,
  reply: ({ file: { row, notes }, noContactDays }, talk) =>
    reply(
      `抢到了：${row.name}`,
      sayContacts(row),
      sayFacts(row),
      ...notes.map((note) => sayNote(note, talk.scope.today)),
      `${sayDays(noContactDays).trim()}内联系并回复「跟进 ${numberOf(row.id, talk) ?? 1} 内容」`,
    ),
  undo: {
    keep: ({ kept }) => kept,
    restore: async (scope, kept) => {
      const { name } = await undoClaim(scope, kept as ClaimKept);
      return reply(`已撤销：${name}放回公海，不算你丢的`);
    },
  },
});
