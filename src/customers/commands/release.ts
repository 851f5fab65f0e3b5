import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { eachOf } from '../../chat/several.ts';
import { Id, line } from '../../kernel/normal/fields.ts';
import { type ReleaseKept, releaseCustomer, undoRelease } from '../release-customer.ts';
import { heldBy } from '../visibility.ts';
import { CUSTOMER_LISTS, meantCustomers } from './which-customer.ts';
import { withWholeName } from './whole-name.ts';

const Release = z.object({ customerIds: z.array(Id).min(1).max(20, '一次最多放 20 位'), reason: line('原因', 200) });

/** 释放 N 原因: gives a customer, or several, back to the pool. */
export const release = defineCommand({
  id: 'customers.release',
  words: ['释放', '放弃', 'release'],
  usage: '释放 N 原因',
  does: '把客户放回公海',
  permission: 'customers.release',
  takes: 'text',
  numbers: { of: CUSTOMER_LISTS },
  input: Release,
  read: async (said, talk) => {
    const among = heldBy(talk.scope.actor, 'customers.release');
    const { args, rest } = await withWholeName(said, talk, among);
    const customerIds = await meantCustomers(args.slice(0, 1), talk, { among, say: '释放' });
    return { customerIds, reason: rest.replace(/^\S+\s*/, '') };
  },
  run: async (scope, { customerIds, reason }) => ({
    reason,
    ...(await eachOf(scope, customerIds, (inner, customerId) => releaseCustomer(inner, { customerId, reason }))),
  }),
  reply: ({ done, refused, reason }, { scope: { actor } }) => {
    const holders = [...new Set(done.filter(({ holder }) => holder.id !== actor.id).map(({ holder }) => holder.name))];
    return reply(
      `已释放：${done.map(({ name }) => name).join('、')} · ${reason}`,
      ...refused.map(({ why }) => why),
      holders.length > 0 ? `回到公海了，已告诉${holders.join('、')}` : '回到公海了，别的同事跟进过再回来你才能抢',
    );
  },
  undo: {
    keep: ({ done }) => done.map(({ kept }) => kept),
    restore: async (scope, kept) => {
      const back = [];
      for (const one of [kept as ReleaseKept | ReleaseKept[]].flat().reverse())
        back.unshift(await undoRelease(scope, one));
      const names = back.map(({ name }) => name).join('、');
      const isMine = back.every(({ holderId }) => holderId === scope.actor.id);
      return reply(`已撤销：${names}${isMine ? '还是你的客户' : '还归原来的顾问'}，跟没释放过一样`);
    },
  },
});
