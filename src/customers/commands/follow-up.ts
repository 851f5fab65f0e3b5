import { z } from 'zod';
import { findDay } from '../../chat/dates.ts';
import { defineCommand, type Talk } from '../../chat/define-command.ts';
import { type Reply, reply } from '../../chat/reply.ts';
import { eachOf, type Several } from '../../chat/several.ts';
import { Id, paragraph } from '../../kernel/normal/fields.ts';
import { shorten } from '../phrases.ts';
import { Day } from '../schema.ts';
import { heldBy } from '../visibility.ts';
import { type FollowUpKept, type FollowUpOutcome, undoFollowUps, writeFollowUp } from '../write-follow-up.ts';
import { sayNext } from './say-next.ts';
import { CUSTOMER_LISTS, meantCustomers } from './which-customer.ts';
import { withWholeName } from './whole-name.ts';

const LONGEST_ECHO = 80;
const MOST_LINES = 5;

const FollowUps = z.object({
  customerIds: z.array(Id).min(1).max(50, '一次最多记 50 位'),
  note: paragraph('跟进内容', 2000),
  nextContactOn: Day.optional(),
});

/** 跟进 N 内容: writes a follow-up, or the same for several; a day to come that the text names is the next contact. */
export const followUp = defineCommand({
  id: 'customers.follow-up',
  words: ['跟进', 'log'],
  usage: '跟进 N 内容',
  does: '记一次跟进，写上日子就到时提醒',
  permission: 'customers.followUp',
  takes: 'text',
  numbers: { of: CUSTOMER_LISTS },
  input: FollowUps,
  read: async (said, talk) => {
    const among = heldBy(talk.scope.actor, 'customers.followUp');
    const { args, rest } = await withWholeName(said, talk, among);
    const customerIds = await meantCustomers(args.slice(0, 1), talk, { among, say: '跟进' });
    const note = rest.replace(/^\S+\s*/, '');
    return { customerIds, note, nextContactOn: findDay(note, talk.scope.today) ?? undefined };
  },
  run: (scope, { customerIds, note, nextContactOn }) =>
    eachOf(scope, customerIds, (inner, customerId) => writeFollowUp(inner, { customerId, note, nextContactOn })),
  reply: sayFollowUps,
  undo: {
    keep: ({ done }) => done.map(({ kept }) => kept),
    restore: async (scope, kept) => {
      const { names } = await undoFollowUps(scope, [kept as FollowUpKept | FollowUpKept[]].flat());
      return reply(`已撤销：${names.join('、')}的这条跟进去掉了，最后跟进也改回原来的日子`);
    },
  },
});

function sayFollowUps({ done, refused }: Several<FollowUpOutcome>, { scope: { today, actor } }: Talk): Reply {
  const [first] = done;
  if (!first) return reply();
  const wrong = refused.map(({ why }) => `没记上：${why}`);
  const next = sayNext(first, { today, readerId: actor.id });
  if (done.length === 1) return reply(`已记下：${first.name} · ${shorten(first.note, LONGEST_ECHO)}`, next, ...wrong);
  const names = done.slice(0, MOST_LINES).map(({ name }) => name);
  const more = done.length > names.length ? `等 ${done.length} 位` : '';
  return reply(`已记下 ${done.length} 位：${names.join('、')}${more} · ${shorten(first.note, LONGEST_ECHO)}`, ...wrong);
}
