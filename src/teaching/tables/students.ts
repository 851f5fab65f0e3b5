import type { z } from 'zod';
import type { Prisma } from '../../generated/prisma/client.ts';
import { phonePart } from '../../kernel/normal/phone.ts';
import { refuse as refuseAnybody } from '../../kernel/refusal.ts';
import { dayFromDb } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type ManagePeople, unbind } from '../../people/index.ts';
import { type ActionDone, defineTable, type Table, type TableAction } from '../../web/define-table.ts';
import { escapeHtml } from '../../web/render.ts';
import { asNamed, cohortNamed } from '../cohort-name.ts';
import { addStudent, editStudent, removeStudent } from '../edit-students.ts';
import { JoinCohort, LeaveCohort, StudentEdit, StudentInput } from '../schema.ts';
import { joinCohort, leaveCohort, type Stay, sayStay, stillThere } from '../stays.ts';
import { visibleStudents } from '../visibility.ts';
import { cohortOptions } from './options.ts';

type Named = { id: number; name: string };

const studentInclude = {
  person: { select: { name: true, username: true, phone: true, email: true, openid: true, active: true } },
  customer: { select: { id: true, name: true } },
  cohorts: { include: { cohort: cohortNamed }, orderBy: [{ joinedOn: 'asc' }, { id: 'asc' }] },
} as const satisfies Prisma.StudentInclude;
type StudentRow = Prisma.StudentGetPayload<{ include: typeof studentInclude }>;

/** 学员: accounts of those who learn here, the cohorts they are in and since when. */
export function studentsTable(people: ManagePeople): Table {
  return defineTable({
    id: 'students',
    title: '学员',
    unit: '位',
    model: 'student',
    include: studentInclude,
    fields: [
      {
        name: 'name',
        title: '姓名',
        kind: 'text',
        sort: (direction) => ({ person: { name: direction } }),
        inForm: true,
      },
      {
        name: 'cohorts',
        title: '班级',
        kind: 'relations',
        inForm: true,
        options: cohortOptions,
        filter: (values, { today }) => ({
          cohorts: { some: { cohortId: { in: values.map(Number) }, ...stillThere(today) } },
        }),
      },
      { name: 'joinedOn', title: '入班', kind: 'day' },
      { name: 'stays', title: '在班时间', kind: 'longText', inList: false, cell: staysCell },
      { name: 'phone', title: '手机', kind: 'text', inForm: true },
      { name: 'username', title: '用户名', kind: 'text', inForm: true, hint: '登录用，小写字母和数字' },
      { name: 'email', title: '邮箱', kind: 'text', inForm: true, inList: false },
      { name: 'customer', title: '客户资料', kind: 'relation', inList: false },
      {
        name: 'bound',
        title: '微信',
        kind: 'flag',
        filter: (values) => ({ person: { openid: values.includes('true') ? { not: null } : null } }),
      },
      {
        name: 'active',
        title: '在读账号',
        kind: 'flag',
        inList: false,
        filter: (values) => ({ person: { active: values.includes('true') } }),
      },
    ],
    visible: ({ actor }) => visibleStudents(actor),
    search: (q) => ({
      person: {
        OR: [{ name: { contains: q } }, { username: { contains: q } }, { phone: { contains: phonePart(q) ?? q } }],
      },
    }),
    defaultSort: '-id',
    present: (row, { today }) => {
      const { id, person, customer, cohorts } = row as unknown as StudentRow;
      const stays = cohorts.map(({ cohort, joinedOn, leftOn }) => ({
        cohort: asNamed(cohort),
        joinedOn: dayFromDb(joinedOn),
        leftOn: leftOn && dayFromDb(leftOn),
      }));
      const current = stays.filter(({ leftOn }) => leftOn === null || leftOn > today);
      const { openid, ...account } = person;
      return {
        id,
        ...account,
        bound: openid !== null,
        customer,
        cohorts: current.map(({ cohort }) => cohort),
        joinedOn: current[0]?.joinedOn ?? null,
        stays,
      };
    },
    nameOf: ({ name }) => String(name),
    card: ({ cohorts, phone, active }) => [
      (cohorts as Named[]).map(({ name }) => name).join('、') || '没有在读的班级',
      [phone, active ? '' : '账号已停用'].filter(Boolean).join(' · '),
    ],
    add: {
      title: '加一位学员',
      button: '建立账号',
      input: StudentInput,
      run: async (scope, input) => {
        const { id, password } = await addStudent(people, scope, input);
        return { id, ...(password && { message: `账号建好了，一次性密码 ${password}，只显示这一次` }) };
      },
    },
    edit: { input: StudentEdit, run: editStudent },
    remove: { run: removeStudent },
    actions: [joinAction, leaveAction, ...accountActions(people)],
    recordLinks: ({ id }) => [
      { title: '成绩和考勤', href: `/students/${id}/learning`, permission: 'study-records.list', primary: true },
      { title: '学习记录', href: `/study-records?studentId=${id}`, permission: 'study-records.list' },
    ],
    empty: '还没有学员，报名后会出现在这里',
  });
}

/** Each stay on a line of its own: Python全栈(9期) 2026-11-01 至 2026-11-20 */
function staysCell({ stays }: Record<string, unknown>): string {
  return (stays as (Stay & { cohort: Named })[])
    .map(({ cohort, ...stay }) => escapeHtml(`${cohort.name} ${sayStay(stay)}`))
    .join('<br>');
}

const joinAction: TableAction = {
  name: 'join-cohort',
  title: '进班',
  permission: 'students.edit',
  input: JoinCohort,
  fields: [
    { name: 'cohort', title: '班级', kind: 'relation', options: cohortOptions },
    { name: 'joinedOn', title: '入班日期', kind: 'day', hint: '从这天起的课有学习记录，不填就是今天' },
  ],
  run: async (scope, studentId, input) => {
    const { cohortId, joinedOn } = input as z.output<typeof JoinCohort>;
    await joinCohort(scope, { studentId, cohortId, joinedOn });
    return { message: '进班了' };
  },
  sum: (_, rows) => ({ message: `${rows} 位进班了` }),
};

const leaveAction: TableAction = {
  name: 'leave-cohort',
  title: '离班',
  permission: 'students.edit',
  danger: true,
  offered: ({ cohorts }) => (cohorts as unknown[]).length > 0,
  input: LeaveCohort,
  fields: [
    { name: 'cohort', title: '班级', kind: 'relation', options: cohortOptions },
    { name: 'leftOn', title: '最后一天', kind: 'day', hint: '这天的课还算在内，之后的不再有学习记录，不填就是今天' },
  ],
  run: async (scope, studentId, input) => {
    const { cohortId, leftOn } = input as z.output<typeof LeaveCohort>;
    const { takenBack } = await leaveCohort(scope, { studentId, cohortId, leftOn });
    return { message: takenBack ? '刚进班，收回了，没有留下记录' : '离班了', takenBack };
  },
  sum: (done, rows) => {
    const takenBack = done.filter((one) => one.takenBack).length;
    const left = rows - takenBack;
    const said = [left > 0 && `${left} 位离班了`, takenBack > 0 && `${takenBack} 位刚进班，收回了，没有留下记录`];
    return { message: said.filter(Boolean).join('；') };
  },
};

/** A student's account is a person's: the same use cases as for staff. */
function accountActions(people: ManagePeople): TableAction[] {
  const each = (
    name: string,
    title: string,
    permission: string,
    done: string,
    change: (scope: Scope, personId: number) => Promise<unknown>,
  ) => ({
    name,
    title,
    permission,
    danger: name !== 'activate',
    run: async (scope: Scope, id: number): Promise<ActionDone> => {
      await change(scope, await personIdOf(scope, id));
      return { message: done };
    },
    sum: (_: readonly ActionDone[], rows: number): ActionDone => ({ message: `${rows} 位${done}` }),
  });
  return [
    {
      ...each('reset-password', '重设密码', 'people.resetPassword', '', async () => undefined),
      most: 1,
      run: async (scope, id) => ({
        message: `一次性密码 ${await people.resetPassword(scope, await personIdOf(scope, id))}，只显示这一次`,
      }),
      sum: ([done]) => ({ message: done?.message ?? '' }),
    },
    { ...each('unbind', '解绑微信', 'people.unbind', '解绑了', unbind), offered: ({ bound }) => bound === true },
    {
      ...each('deactivate', '停用账号', 'people.deactivate', '停用了', (scope, id) =>
        people.setActive(scope, id, false),
      ),
      offered: ({ active }) => active === true,
    },
    {
      ...each('activate', '恢复账号', 'people.deactivate', '恢复了', (scope, id) => people.setActive(scope, id, true)),
      offered: ({ active }) => active === false,
    },
  ];
}

async function personIdOf({ tx }: Scope, studentId: number): Promise<number> {
  const student = await tx.student.findUnique({ where: { id: studentId }, select: { personId: true } });
  if (!student) throw refuseAnybody.not_found({ what: '位学员' });
  return student.personId;
}
