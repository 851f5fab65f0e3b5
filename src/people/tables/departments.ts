import { defineTable, type Row, type Table } from '../../web/define-table.ts';
import { refuse } from '../phrases.ts';
import { DepartmentInput } from '../schema.ts';

/** 部门 */
export const departmentsTable: Table = defineTable({
  id: 'departments',
  title: '部门',
  unit: '个',
  model: 'department',
  include: { _count: { select: { staff: true } } },
  fields: [
    { name: 'title', title: '名称', kind: 'text', sort: true, inForm: true },
    {
      name: 'code',
      title: '编号',
      kind: 'number',
      sort: true,
      filter: true,
      inForm: true,
      cell: ({ code }) => String(Number(code)),
    },
    { name: 'people', title: '人数', kind: 'number' },
  ],
  visible: () => ({}),
  search: (q) => ({ title: { contains: q } }),
  defaultSort: 'code',
  present: (row) => {
    const { id, code, title, _count } = row as Row & { code: number; title: string; _count: { staff: number } };
    return { id, code, title, people: _count.staff };
  },
  nameOf: ({ title }) => String(title),
  card: ({ code, people }) => [`编号 ${code}`, `${people} 人`],
  add: {
    title: '加一个部门',
    button: '加上',
    input: DepartmentInput,
    run: async ({ tx }, { code, title }: DepartmentInput) => {
      const [made] = await tx.$queryRaw<{ id: number }[]>`
        INSERT INTO "Department" (code, title) VALUES (${code}, ${title}) ON CONFLICT (code) DO NOTHING RETURNING id`;
      if (!made) throw refuse.department_known({ code });
      return made;
    },
  },
  edit: {
    input: DepartmentInput.partial(),
    run: async ({ tx }, id, change: Partial<DepartmentInput>) => {
      const { code } = change;
      if (code !== undefined && (await tx.department.findFirst({ where: { code, id: { not: id } } })))
        throw refuse.department_known({ code });
      await tx.department.update({ where: { id }, data: change });
    },
  },
  remove: {
    run: async ({ tx }, id) => {
      const count = await tx.staff.count({ where: { departmentId: id } });
      if (count > 0) throw refuse.department_in_use({ count });
      await tx.department.deleteMany({ where: { id } });
    },
  },
});
