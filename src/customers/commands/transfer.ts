import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../chat/define-command.ts';
import { matchName } from '../../chat/names.ts';
import { reply } from '../../chat/reply.ts';
import { eachOf } from '../../chat/several.ts';
import { Id } from '../../kernel/normal/fields.ts';
import { invalidFields } from '../../kernel/refusal.ts';
import { holders } from '../holders.ts';
import { type TransferKept, transferCustomer, undoTransfer } from '../transfer-customer.ts';
import { visibleCustomers } from '../visibility.ts';
import { customersByWords } from './find-by-words.ts';
import { CUSTOMER_LISTS, meantCustomers, numberOf } from './which-customer.ts';

/** `listed` where the list shown last has them all, so that its numbers stay for the next one to give. */
const Transfer = z.object({
  customerIds: z.array(Id).min(1).max(20, '一次最多转 20 位'),
  consultantId: Id,
  listed: z.boolean(),
});

/** 给李娜, 王小雨给李娜 */
const BETWEEN = /^给|(?<=\p{L}{2})给(?=\p{L}{2})/u;
/** 转王小雨给李娜, 把王小雨转给李娜 */
const RUN_TOGETHER = /^(?:转|分配|把)\s*(\p{L}[\p{L}·]{1,19}?)(?:转给|转|分配给|给)\s*(\p{L}{2,10})$/u;

/** 转 N 同事, 分配 N 同事: a head gives a customer, or several, to a colleague, out of a hand or the pool. */
export const transfer: AnyCommand = defineCommand({
  id: 'customers.transfer',
  words: ['转', '分配', '转给', 'give'],
  usage: '转 N 同事',
  does: '把客户交给一位同事，公海里的也行',
  permission: 'customers.transfer',
  takes: 'all',
  numbers: { of: CUSTOMER_LISTS },
  guess: async (text, scope) => {
    const [, whom = '', colleague = ''] = RUN_TOGETHER.exec(text) ?? [];
    const among = visibleCustomers(scope.actor, 'customers.transfer');
    if (whom === '' || (await customersByWords(scope, whom, among)).length === 0) return null;
    return { word: '转', rest: `${whom} ${colleague}`, args: [whom, colleague] };
  },
  input: Transfer,
  read: async ({ word, args }, talk) => {
    const said = args.flatMap((arg) => arg.split(BETWEEN)).filter((arg) => arg !== '');
    const colleague = said.length > 1 ? said.at(-1) : undefined;
    const whom = colleague === undefined ? said : said.slice(0, -1);
    const among = visibleCustomers(talk.scope.actor, 'customers.transfer');
    const customerIds = await meantCustomers(whom, talk, { among, say: `${word || '转'}`, from: ['公海', '客户'] });
    if (colleague === undefined) throw invalidFields({ consultantId: `转给谁？写成「转 ${said[0]} 李娜」这样` });
    const people = await talk.scope.tx.person.findMany({ where: holders, select: { id: true, name: true } });
    const listed = customerIds.every((id) => numberOf(id, talk) !== null);
    return { customerIds, consultantId: matchName(colleague, people, { what: '顾问' }).id, listed };
  },
  run: async (scope, { customerIds, consultantId, listed }) => ({
    listed,
    ...(await eachOf(scope, customerIds, (inner, customerId) => transferCustomer(inner, { customerId, consultantId }))),
  }),
  keeps: ({ done, listed }) => (listed ? null : { kind: 'mine', items: done.map(({ customerId }) => customerId) }),
  reply: ({ done, refused }, { scope: { actor } }) => {
    const [first] = done;
    const from = [...new Set(done.map((one) => one.from))].filter((name) => name !== '公海' && name !== actor.name);
    return reply(
      `转好了：${done.map(({ name }) => name).join('、')} → ${first?.to ?? ''}`,
      ...refused.map(({ why }) => why),
      `已告诉${[first?.to ?? '', ...from].filter((name) => name !== actor.name).join('、') || '大家'}`,
    );
  },
  undo: {
    keep: ({ done }) => done.map(({ kept }) => kept),
    restore: async (scope, kept) => {
      const names: string[] = [];
      for (const one of [...(kept as TransferKept[])].reverse()) names.unshift((await undoTransfer(scope, one)).name);
      return reply(`已撤销：${names.join('、')}还在原来的地方，跟没转过一样`);
    },
  },
});
