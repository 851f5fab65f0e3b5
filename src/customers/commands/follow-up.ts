import { findDay } from '../../chat/dates.ts';
import { defineCommand } from '../../chat/define-command.ts';
import { reply } from '../../chat/reply.ts';
import { addDays, sayDay } from '../../kernel/school-time.ts';
import { sayDeadline, shorten } from '../phrases.ts';
import { WriteFollowUp } from '../schema.ts';
import { heldBy } from '../visibility.ts';
import { type FollowUpKept, undoFollowUp, writeFollowUp } from '../write-follow-up.ts';
import { meantCustomer } from './which-customer.ts';
import { withWholeName } from './whole-name.ts';

const LONGEST_ECHO = 80;

/** 跟进 N 内容: writes a follow-up; a day to come that the text names is the next contact. */
export const followUp = defineCommand({
  id: 'customers.follow-up',
  words: ['跟进', 'log'],
  usage: '跟进 N 内容',
  does: '记一次跟进，写上日子就到时提醒',
  permission: 'customers.followUp',
  input: WriteFollowUp,
  read: async (said, talk) => {
    const among = heldBy(talk.scope.actor, 'customers.followUp');
    const { args, rest } = await withWholeName(said, talk, among);
    const customerId = await meantCustomer(args[0], talk, among);
    const note = rest.replace(/^\S+\s*/, '');
    return { customerId, note, nextContactOn: findDay(note, talk.scope.today) ?? undefined };
  },
  run: writeFollowUp,
  reply: ({ name, note, nextContactOn, drop }, talk) => {
    const { today } = talk.scope;
    const next = nextContactOn
      ? `下次联系 ${sayDay(nextContactOn, today)}，到时提醒你`
      : drop && sayDeadline(drop, addDays(drop.day, -1), today);
    return reply(`已记下：${name} · ${shorten(note, LONGEST_ECHO)}`, next);
  },
  undo: {
    keep: ({ kept }) => kept,
    restore: async (scope, kept) => {
      const { name } = await undoFollowUp(scope, kept as FollowUpKept);
      return reply(`已撤销：${name}的这条跟进去掉了，最后跟进也改回原来的日子`);
    },
  },
});
