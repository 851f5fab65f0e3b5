import { z } from 'zod';
import { type AnyCommand, defineCommand } from '../chat/define-command.ts';
import { type Reply, reply } from '../chat/reply.ts';
import {
  CUSTOMER_LISTS,
  customerAlone,
  EDUCATIONS,
  EnterCustomer,
  type EnteredKept,
  GENDERS,
  meantCustomer,
  SOURCES,
  sayAside,
  sayContacts,
  undoEntry,
} from '../customers/index.ts';
import { type SchoolTime, sayDays } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings } from '../settings/index.ts';
import type { EnterAndAssign, EnteredAndAssigned } from './enter-and-assign.ts';
import { readEntry } from './read-entry.ts';
import { sayReason } from './reasons.ts';
import { sayWhy } from './say-why.ts';
import { explainCustomer, type Why } from './why.ts';

const MOST_NAMED = 4;

type Answered = EnteredAndAssigned & {
  input: EnterCustomer;
  courses: string[];
  noContactDays: number;
  tookAsQq: string | null;
};

/** 录入 and 为什么. */
export function assignmentCommands({ enter }: { enter: EnterAndAssign }): AnyCommand[] {
  return [enterCommand(enter), whyCommand];
}

function enterCommand(enter: EnterAndAssign): AnyCommand {
  return defineCommand({
    id: 'assignment.enter',
    words: ['录入', 'add'],
    usage: '录入 姓名 QQ 课程 来源',
    does: '录入一位客户并分配',
    permission: 'customers.add',
    takes: 'all',
    input: z.object({ said: z.array(z.string()).min(1, '录入谁？把姓名和 QQ 或手机写在后面') }),
    read: ({ args }) => ({ said: [...args] }),
    run: async (scope, { said }): Promise<Answered> => {
      const courses = await scope.tx.course.findMany({
        where: { active: true },
        select: { id: true, name: true },
        orderBy: { id: 'asc' },
      });
      const { tookAsQq = null, ...read } = readEntry(said, courses);
      const input = EnterCustomer.parse(read);
      const asked = courses.filter(({ id }) => input.courseIds.includes(id)).map(({ name }) => name);
      const { noContactDays } = await readSettings(scope.tx);
      return { ...(await enter(scope, input)), input, courses: asked, noContactDays, tookAsQq };
    },
    // Whoever was entered is number 1 from now on: 跟进 1, 为什么 1.
    keeps: ({ outcome, customerId }) => ({ kind: outcome === 'pooled' ? 'pool' : 'mine', items: [customerId] }),
    reply: sayEntered,
    undo: {
      keep: ({ kept, assignmentId }) => ({ ...kept, assignmentId }),
      restore: async (scope, kept) => takeBack(scope, kept as EnteredKept & { assignmentId: number | null }),
    },
  });
}

function sayEntered({ outcome, name, input, courses, noContactDays, tookAsQq, ...entered }: Answered): Reply {
  const { qq = null, phone = null, wechat = null, gender, education } = input;
  const facts = [
    ...courses,
    gender && GENDERS[gender],
    education && EDUCATIONS[education],
    SOURCES[input.source],
    sayContacts({ qq, phone, wechat }),
  ]
    .filter(Boolean)
    .join(' · ');
  const asQq = tookAsQq && `${tookAsQq} 记成了 QQ，是座机就撤销，带上区号再录`;
  const said = [facts, input.aside && sayAside(input.aside), asQq] as const;
  const days = sayDays(noContactDays);
  if (outcome === 'own') return reply(`录入好了：${name}，归你跟进`, ...said, `${days}内联系并回复「跟进 1 内容」`);
  if (outcome === 'assigned')
    return reply(
      `录入好了：${name}，分给${entered.consultant?.name}`,
      ...said,
      `已告诉${entered.consultant?.name}，${days}内首次联系`,
    );
  const away = 'away' in entered ? entered.away : [];
  const named = away.slice(0, MOST_NAMED).map(({ consultant, reason }) => `${consultant.name} ${sayReason(reason)}`);
  return reply(
    `录入好了：${name}，先放在公海`,
    ...said,
    named.length > 0
      ? `现在没有人能接：${named.join(' · ')}${away.length > MOST_NAMED ? ' …' : ''}`
      : '现在没有人排进轮转，请主管排一下销售权重',
    '顾问回复「公海」就能抢',
  );
}

/** The customer was never there; an alert that has not left yet is not sent. The turn stays used (see README). */
async function takeBack(scope: Scope, { assignmentId, ...kept }: EnteredKept & { assignmentId: number | null }) {
  const { name } = await undoEntry(scope, kept);
  await scope.tx.notification.deleteMany({ where: { once: `assigned:${assignmentId}`, state: 'queued' } });
  return reply(`撤回了，${name}没有录入`);
}

const whyCommand = defineCommand({
  id: 'assignment.why',
  words: ['为什么', '为什么是我', 'why'],
  usage: '为什么 N',
  does: '看一位客户为什么分到这里',
  permission: 'customers.list',
  takes: 'all',
  numbers: { of: CUSTOMER_LISTS },
  input: z.object({ customerId: z.number() }),
  read: async (said, talk) => ({
    customerId: await meantCustomer(customerAlone(said, '为什么 1'), talk, { say: '为什么' }),
  }),
  run: async (scope, { customerId }): Promise<{ why: Why; time: SchoolTime; readerId: number | null }> => ({
    why: await explainCustomer(scope, customerId),
    time: scope.time,
    readerId: scope.actor.id,
  }),
  reply: ({ why, ...reader }) => reply(...sayWhy(why, reader)),
});
