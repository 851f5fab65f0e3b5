import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { type ReleaseKept, releaseCustomer, undoRelease } from '../release-customer.ts';
import { ReleaseCustomer } from '../schema.ts';
import { heldBy } from '../visibility.ts';
import { meantCustomer } from './which-customer.ts';
import { withWholeName } from './whole-name.ts';

/** 释放 N 原因: gives a customer back to the pool. */
export const release = defineCommand({
  id: 'customers.release',
  words: ['释放', '放弃', 'release'],
  usage: '释放 N 原因',
  does: '把客户放回公海',
  permission: 'customers.release',
  input: ReleaseCustomer,
  read: async (said, talk) => {
    const among = heldBy(talk.scope.actor, 'customers.release');
    const { args, rest } = await withWholeName(said, talk, among);
    return { customerId: await meantCustomer(args[0], talk, among), reason: rest.replace(/^\S+\s*/, '') };
  },
  run: releaseCustomer,
  reply: ({ name, reason }) => reply(`已释放：${name} · ${reason}`, '回到公海了，别的同事跟进过再回来你才能抢'),
  undo: {
    keep: ({ kept }) => kept,
    restore: async (scope, kept) => {
      const { name } = await undoRelease(scope, kept as ReleaseKept);
      return reply(`已撤销：${name}还是你的客户，跟没释放过一样`);
    },
  },
});
