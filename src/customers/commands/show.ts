import { z } from 'zod';
import { may } from '../../access/access.ts';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import type { Actor } from '../../kernel/actor.ts';
import { Phone, Qq } from '../../kernel/normal/fields.ts';
import { normalName } from '../../kernel/normal/name.ts';
import { readPhone } from '../../kernel/normal/phone.ts';
import type { Scope } from '../../kernel/scope.ts';
import { sayContacts, sayNote } from '../phrases.ts';
import { type CustomerFile, readFile } from '../queries.ts';
import { visibleCustomers, withContact } from '../visibility.ts';
import { customersByWords } from './find-by-words.ts';
import { sayDates, sayFacts, sayTitle } from './say-file.ts';
import { CUSTOMER_LISTS, meantCustomer, numberOf } from './which-customer.ts';
import { customerAlone } from './whole-name.ts';

/** `listed` where the list shown last has the customer, so that its numbers stay. */
const ShowCustomer = z.object({ customerId: z.number(), listed: z.boolean() });

/** 客户 N: the file and the last follow-ups; a pool customer's contacts are masked until claimed. */
export const show = defineCommand({
  id: 'customers.show',
  words: ['客户', 'show'],
  usage: '客户 N',
  does: '看资料和最近的跟进，N 也可以写名字或号码，比如 客户 王小雨',
  permission: 'customers.list',
  takes: 'all',
  numbers: { of: CUSTOMER_LISTS, opens: true },
  guess: async (text, scope) =>
    (await isSomebody(text, scope)) ? { word: '客户', rest: text, args: [wordIn(text)] } : null,
  input: ShowCustomer,
  read: async (said, talk) => {
    const customerId = await meantCustomer(customerAlone(said, '客户 1'), talk);
    return { customerId, listed: numberOf(customerId, talk) !== null };
  },
  run: async (scope: Scope, { customerId, listed }) => ({ ...(await readFile(scope, customerId)), listed }),
  // Whoever was asked for by name can be answered to as number 1.
  keeps: ({ row, listed }) => (listed ? null : { kind: row.consultant ? 'mine' : 'pool', items: [row.id] }),
  reply: (file, talk) => {
    const { row, notes, listed } = file;
    const { today, actor } = talk.scope;
    return reply(
      sayTitle(file),
      sayContacts(row),
      sayFacts(row),
      sayDates(row, today),
      ...notes.map((note) => sayNote(note, today)),
      sayWhatNext(file, actor, listed ? (numberOf(row.id, talk) ?? 1) : 1),
    );
  },
});

/** What this reader can do with the customer next; nothing where nothing is theirs to do. */
function sayWhatNext({ row }: CustomerFile, actor: Actor, n: number): string | null {
  if (row.consultant) return row.consultant.id === actor.id ? `回复「跟进 ${n} 内容」记跟进` : null;
  if (may(actor, 'customers.transfer') && !row.masked) return `回复「分配 ${n} 同事」交给一位顾问`;
  if (!may(actor, 'customers.claim')) return null;
  return row.masked ? `抢到才能看到联系方式和跟进，回复「抢 ${n}」` : `回复「抢 ${n}」抢单`;
}

/** A name needs two signs and a customer of just that beginning, a number a contact this reader may see (rule 1). */
async function isSomebody(text: string, scope: Scope): Promise<boolean> {
  const word = wordIn(text);
  const among = visibleCustomers(scope.actor);
  if (/^\+?[\d-]{5,22}$/.test(word)) {
    const kinds = [Phone.safeParse(word).success && 'phone', Qq.safeParse(word).success && 'qq'] as const;
    const contacts = kinds.flatMap((kind) => (kind ? [withContact(kind, [word], scope.actor)] : []));
    return (
      contacts.length > 0 && (await scope.tx.customer.count({ where: { AND: [among, { OR: contacts }] }, take: 1 })) > 0
    );
  }
  if (!/^(?=.{2,40}$)[\p{L}·]+(?: [\p{L}·]+){0,3}$/u.test(word)) return false;
  return (await customersByWords(scope, word, among)).length > 0;
}

/** A phone said in groups is one word (138 1234 5678), and a name with blanks is one name (郑　爽). */
function wordIn(text: string): string {
  const word = text.replace(/[。！!～~…，,？?]+$/u, '').trim();
  const read = /^[+\d][\d\s()-]{6,}(?:转\s*\d+)?$/.test(word) ? readPhone(word) : null;
  if (read && 'phone' in read && read.memo.length === 0) return read.phone;
  return /^\+?[\d\s-]+$/.test(word) ? word.replace(/[\s-]/g, '') : normalName(word);
}
