import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../../chat/define-command.ts';
import { refuse } from '../../chat/phrases.ts';
import { reply } from '../../chat/reply.ts';
import { KEPT, keepNumbers } from '../../customers/index.ts';
import { personOf } from '../../kernel/actor.ts';
import { addDays } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type DueContact, MOST_NUMBERED, readDueContacts, sayContacts } from './say-contacts.ts';

/** 今天要联系: whom one meant to contact today, with the numbers of the morning's message. */
export const contactsToday: AnyCommand = defineCommand({
  id: 'customers.contacts-today',
  words: ['今天要联系', '今天联系', '要联系', 'contacts'],
  usage: '今天要联系',
  does: '看约好今天联系的客户，回「1 内容」记跟进',
  permission: 'customers.followUp',
  makes: ['nextContacts'],
  input: z.object({ page: z.number().int().min(1).default(1) }),
  read: () => ({}),
  run: async (scope: Scope, { page }) => {
    const me = personOf(scope.actor);
    const midnight = scope.time.instantOf(addDays(scope.today, 1));
    const due = (await readDueContacts(scope, { consultantIds: [me] })).get(me) ?? [];
    const customers = new Map([[me, due.map(({ id }) => id)]]);
    const items =
      due.length === 0
        ? []
        : ((await keepNumbers(scope, { list: 'reminder', until: midnight, customers })).get(me) ?? []);
    const numbered = numberedBy(due, items);
    if (page > 1 && (page - 1) * MOST_NUMBERED >= numbered.length) throw refuse.last_page();
    return { page, midnight, items, numbered };
  },
  keeps: ({ items, page, midnight }) =>
    items.length === 0
      ? null
      : { slot: KEPT.reminder.slot, kind: KEPT.reminder.kind, items, query: { page }, expiresAt: midnight },
  reply: ({ numbered, page }) =>
    numbered.length === 0
      ? reply('今天没有约好要联系的客户', '回复「我的客户」看在跟的')
      : reply(`今天要联系 ${numbered.length} 位：`, ...sayContacts(numbered, page)),
});

/** The due ones with their numbers, in the order of the numbers. */
function numberedBy(due: readonly DueContact[], items: readonly number[]) {
  return due
    .map((customer) => ({ ...customer, number: items.indexOf(customer.id) + 1 }))
    .sort((a, b) => a.number - b.number);
}
