import { defineTable, type Row, type Table } from '../../web/define-table.ts';

const SCOPES = { own: '自己的', department: '本部门', campus: '本校区', all: '全部' } as const;

/** 角色: what each role may do and how far it sees. */
export const rolesTable: Table = defineTable({
  id: 'roles',
  title: '角色',
  unit: '个',
  model: 'role',
  include: { grants: true, _count: { select: { people: true } } },
  fields: [
    { name: 'title', title: '名称', kind: 'text', sort: true },
    { name: 'code', title: '代号', kind: 'text' },
    { name: 'scope', title: '看得到', kind: 'choice', choices: SCOPES, filter: true },
    { name: 'people', title: '人数', kind: 'number' },
    { name: 'permissions', title: '权限', kind: 'longText', inList: false },
  ],
  visible: () => ({}),
  search: (q) => ({ title: { contains: q } }),
  defaultSort: 'id',
  present: (row) => {
    const { id, code, title, scope, grants, _count } = row as Row & {
      code: string;
      title: string;
      scope: string;
      grants: { permission: string }[];
      _count: { people: number };
    };
    return {
      id,
      code,
      title,
      scope,
      people: _count.people,
      permissions: grants.map(({ permission }) => permission).join('、'),
    };
  },
  nameOf: ({ title }) => String(title),
  card: ({ scope, people }) => [SCOPES[scope as keyof typeof SCOPES], `${people} 人`],
});
