import { z } from 'zod';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { eachOf } from '../../chat/several.ts';
import { Id } from '../../kernel/normal/fields.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type ClaimKept, claimCustomer } from '../claim-customer.ts';
import { sayContacts, sayDays, sayNote } from '../phrases.ts';
import { undoClaim } from '../undo-claim.ts';
import { visiblePool } from '../visibility.ts';
import { customersByWords } from './find-by-words.ts';
import { sayCourses } from './say-customer.ts';
import { sayFacts } from './say-file.ts';
import { CUSTOMER_LISTS, meantCustomers, numberOf } from './which-customer.ts';

const Claim = z.object({ customerIds: z.array(Id).min(1).max(20, '一次最多抢 20 位'), listed: z.boolean() });

/** 抢王小雨, 我要抢王小雨: the name right behind the act. */
const ASKED = /^(?:帮我|我想?要?)?抢(?:一下|下)?\s*(\p{L}[\p{L}· ]{1,19}?)(?:吧|[\s。！!～~]*)$/u;

/** 抢 N: claims the Nth of the pool's list, or several; the winner gets the whole file and earlier notes. */
export const claim = defineCommand({
  id: 'customers.claim',
  words: ['抢', '抢单', 'grab'],
  usage: '抢 N',
  does: '抢公海列表里的第 N 位，几位一起写「抢 2 3」，也可以写名字',
  permission: 'customers.claim',
  takes: 'all',
  numbers: { of: CUSTOMER_LISTS },
  guess: async (text, scope) => {
    const name = ASKED.exec(text)?.[1] ?? '';
    return (await isPooled(name, scope)) ? { word: '抢', rest: name, args: [name] } : null;
  },
  input: Claim,
  read: async ({ args }, talk) => {
    const customerIds = await meantCustomers(args, talk, {
      among: visiblePool(talk.scope.actor),
      say: '抢',
      from: ['公海'],
    });
    return { customerIds, listed: customerIds.every((id) => numberOf(id, talk) !== null) };
  },
  run: async (scope, { customerIds, listed }) => ({
    listed,
    ...(await eachOf(scope, customerIds, (inner, customerId) => claimCustomer(inner, { customerId }))),
  }),
  // Who was named, not numbered, is number 1 from now on.
  keeps: ({ listed, done }) => (listed ? null : { kind: 'mine', items: done.map(({ file: { row } }) => row.id) }),
  reply: ({ done, refused, listed }, talk) => {
    const [first] = done;
    if (!first) return reply();
    const { row, notes } = first.file;
    const number = listed ? (numberOf(row.id, talk) ?? 1) : 1;
    const next = `${sayDays(first.noContactDays)}内联系并回复「跟进 ${number} 内容」`;
    if (done.length === 1 && refused.length === 0)
      return reply(
        `抢到了：${row.name}`,
        sayContacts(row),
        sayFacts(row),
        ...notes.map((note) => sayNote(note, talk.scope.today)),
        next,
      );
    return reply(
      ...done.map(({ file }) =>
        [`抢到了：${file.row.name}`, sayContacts(file.row), sayCourses(file.row.courses.map(({ name }) => name))]
          .filter(Boolean)
          .join(' · '),
      ),
      ...refused.map(({ why }) => why),
      next,
    );
  },
  undo: {
    keep: ({ done }) => done.map(({ kept }) => kept),
    restore: async (scope, kept) => {
      const names: string[] = [];
      for (const one of [kept as ClaimKept | ClaimKept[]].flat().reverse())
        names.unshift((await undoClaim(scope, one)).name);
      return reply(`已撤销：${names.join('、')}放回公海，不算你丢的`);
    },
  },
});

async function isPooled(name: string, scope: Scope): Promise<boolean> {
  return name !== '' && (await customersByWords(scope, name, visiblePool(scope.actor))).length > 0;
}
