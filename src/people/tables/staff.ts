import { rowScope } from '../../access/access.ts';
import type { Actor } from '../../kernel/actor.ts';
import { phonePart } from '../../kernel/normal/phone.ts';
import { dayFromDb } from '../../kernel/school-time.ts';
import type { Scope } from '../../kernel/scope.ts';
import {
  type ActionDone,
  defineTable,
  type Row,
  type Table,
  type TableAction,
  type Where,
} from '../../web/define-table.ts';
import { unbind } from '../binding.ts';
import type { ManagePeople } from '../manage-people.ts';
import { AddStaff, EditStaff } from '../schema.ts';

const named = { select: { id: true, name: true } } as const;
type Named = { id: number; name: string };
type StaffRow = Row & {
  name: string;
  username: string;
  email: string | null;
  phone: string | null;
  openid: string | null;
  active: boolean;
  staff: { department: { id: number; title: string } | null; campus: Named | null; onLeaveUntil: Date | null } | null;
  roles: { role: { id: number; title: string } }[];
};

/** What other features put into 员工: their own way to deactivate somebody, links on the record. */
export type StaffExtras = {
  deactivate?: TableAction;
  recordLinks?: Table['recordLinks'];
  /** What to know before somebody leaves or goes on leave. */
  beforeAbsence?: TableAction['notes'];
};

/** 员工: everybody who works here, with account, department and roles. */
export function staffTable(people: ManagePeople, { deactivate, recordLinks, beforeAbsence }: StaffExtras = {}): Table {
  const notes = beforeAbsence && { notes: beforeAbsence };
  return defineTable({
    id: 'staff',
    title: '员工',
    unit: '位',
    model: 'person',
    include: {
      staff: { include: { department: true, campus: named } },
      roles: { include: { role: { select: { id: true, title: true } } }, orderBy: { roleId: 'asc' } },
    },
    fields: [
      { name: 'name', title: '姓名', kind: 'text', sort: true, inForm: true },
      { name: 'username', title: '用户名', kind: 'text', sort: true, inForm: true, hint: '登录用，小写字母和数字' },
      {
        name: 'department',
        title: '部门',
        kind: 'relation',
        inForm: true,
        filter: (values) => ({ staff: { departmentId: { in: values.map(Number) } } }),
        options: async (tx, _, q) =>
          (await tx.department.findMany({ where: q ? { title: { contains: q } } : {}, orderBy: { code: 'asc' } })).map(
            ({ id, title }) => ({ id, name: title }),
          ),
      },
      {
        name: 'campus',
        title: '校区',
        kind: 'relation',
        inForm: true,
        inList: false,
        filter: (values) => ({ staff: { campusId: { in: values.map(Number) } } }),
        options: (tx) => tx.campus.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' } }),
      },
      {
        name: 'roles',
        title: '角色',
        kind: 'relations',
        inForm: true,
        filter: (values) => ({ roles: { some: { roleId: { in: values.map(Number) } } } }),
        options: async (tx) =>
          (await tx.role.findMany({ orderBy: { id: 'asc' } })).map(({ id, title }) => ({ id, name: title })),
      },
      { name: 'phone', title: '手机', kind: 'text', inForm: true },
      { name: 'email', title: '邮箱', kind: 'text', inForm: true, inList: false },
      { name: 'onLeaveUntil', title: '请假到', kind: 'day', inForm: true, hint: '请假期间不分配客户，空着就是在岗' },
      {
        name: 'bound',
        title: '微信',
        kind: 'flag',
        filter: (values) => ({ openid: values.includes('true') ? { not: null } : null }),
      },
      { name: 'active', title: '在职', kind: 'flag', filter: true },
    ],
    visible: ({ actor }) => ({ staff: { isNot: null }, ...withinScope(actor) }),
    search: (q) => ({
      OR: [{ name: { contains: q } }, { username: { contains: q } }, { phone: { contains: phonePart(q) ?? q } }],
    }),
    defaultSort: 'id',
    present: (row) => {
      const { id, name, username, email, phone, openid, active, staff, roles } = row as StaffRow;
      const department = staff?.department ? { id: staff.department.id, name: staff.department.title } : null;
      return {
        id,
        name,
        username,
        email,
        phone,
        active,
        bound: openid !== null,
        department,
        campus: staff?.campus ?? null,
        onLeaveUntil: staff?.onLeaveUntil ? dayFromDb(staff.onLeaveUntil) : null,
        roles: roles.map(({ role }) => ({ id: role.id, name: role.title })),
      };
    },
    nameOf: ({ name }) => String(name),
    card: ({ roles, department, active }) => [
      (roles as Named[]).map(({ name }) => name).join('、'),
      `${(department as Named | null)?.name ?? '没有部门'}${active ? '' : ' · 已停用'}`,
    ],
    add: {
      title: '加一位员工',
      button: '建立账号',
      input: AddStaff,
      run: async (scope, input) => {
        const { id, password } = await people.addStaff(scope, input);
        return { id, ...(password && { message: `账号建好了，一次性密码 ${password}，只显示这一次` }) };
      },
    },
    edit: { input: EditStaff, run: (scope, id, input) => people.editStaff(scope, id, input), ...notes },
    actions: [
      {
        ...(deactivate ??
          one('deactivate', '停用', 'people.deactivate', '停用了，登录都已退出', (scope, id) =>
            people.setActive(scope, id, false),
          )),
        ...notes,
      },
      one('activate', '恢复在职', 'people.deactivate', '恢复了', (scope, id) => people.setActive(scope, id, true)),
      one('unbind', '解绑微信', 'people.unbind', '解绑了', unbind),
      {
        name: 'reset-password',
        title: '重设密码',
        permission: 'people.resetPassword',
        danger: true,
        most: 1,
        run: async (scope, id) => ({
          message: `一次性密码 ${await people.resetPassword(scope, id)}，只显示这一次`,
        }),
        sum: theOnly,
      },
    ],
    ...(recordLinks && { recordLinks }),
    empty: '还没有员工',
  });
}

/** Whom of the staff somebody sees: with department or campus scope one's own, else oneself. */
function withinScope(actor: Actor): Where {
  const { id, departmentId, campusId } = actor;
  const scope = rowScope(actor, 'staff.list') ?? rowScope(actor, 'staff.show');
  if (scope === 'all') return {};
  if (scope === 'department' && departmentId !== null) return { staff: { departmentId } };
  if (scope === 'campus' && campusId !== null) return { staff: { campusId } };
  return { id: id ?? 0 };
}

/** Of an action for one row only: what was said of it. */
function theOnly([done]: readonly ActionDone[]): ActionDone {
  return { message: done?.message ?? '' };
}

function one(
  name: string,
  title: string,
  permission: string,
  done: string,
  run: (scope: Scope, id: number) => Promise<void>,
) {
  return {
    name,
    title,
    permission,
    danger: name !== 'activate',
    run: async (scope: Scope, id: number) => {
      await run(scope, id);
      return { message: done };
    },
    sum: (_: readonly ActionDone[], rows: number) => ({ message: `${rows} 位${done}` }),
  };
}
