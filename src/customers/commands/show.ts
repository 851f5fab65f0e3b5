import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import type { Scope } from '../../kernel/scope.ts';
import { sayContacts, sayNote } from '../phrases.ts';
import { readFile } from '../queries.ts';
import { ClaimCustomer } from '../schema.ts';
import { nthCustomer, numberOf } from './numbered.ts';
import { sayDates, sayFacts, sayTitle } from './say-file.ts';

/** 客户 N: the file and the last follow-ups; a pool customer's contacts are masked until claimed. */
export const show = defineCommand({
  id: 'customers.show',
  words: ['客户', 'show'],
  usage: '客户 N',
  does: '看资料和最近的跟进',
  permission: 'customers.list',
  input: ClaimCustomer,
  read: ({ args: [n] }, talk) => ({ customerId: nthCustomer(n, talk) }),
  run: (scope: Scope, { customerId }) => readFile(scope, customerId),
  reply: (file, talk) => {
    const { row, notes } = file;
    const { today, actor } = talk.scope;
    const n = numberOf(row.id, talk);
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
