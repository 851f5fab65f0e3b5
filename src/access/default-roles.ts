import type { RowScope } from '../kernel/actor.ts';

/** A role a new school begins with: what it may do, how far it sees, and its menu in order. */
export type DefaultRole = {
  code: string;
  title: string;
  scope: RowScope;
  permissions: readonly string[];
  menu: readonly { title: string; path: string }[];
};

const ROOMS = [{ title: '会议室', path: '/rooms/grid' }] as const;
/** What everybody who works here may do. */
const STAFF = [
  'rooms.list',
  'rooms.book',
  'bookings.list',
  'bookings.add',
  'bookings.delete',
  'campuses.list',
  'courses.list',
  'cohorts.list',
] as const;
const SALES = [
  'customers.list',
  'customers.show',
  'customers.add',
  'customers.edit',
  'customers.claim',
  'customers.release',
  'customers.followUp',
  'customers.enrol',
  'assignments.list',
  'follow-ups.list',
  'follow-ups.add',
  'payments.list',
  'students.list',
] as const;
const TEACHING = [
  'lessons.*',
  'study-records.list',
  'study-records.edit',
  'study-records.export',
  'students.list',
  'cohorts.show',
] as const;

/** The roles of a new school, by which no code asks for somebody. Their order is that of the menus: work first. */
export const DEFAULT_ROLES: readonly DefaultRole[] = [
  {
    code: 'consultant',
    title: '课程顾问',
    scope: 'own',
    permissions: [...SALES, ...STAFF],
    menu: [
      { title: '公海', path: '/pool' },
      { title: '我的客户', path: '/my-customers' },
      { title: '客户', path: '/customers' },
      { title: '跟进记录', path: '/follow-ups' },
      { title: '缴费', path: '/payments' },
      ...ROOMS,
    ],
  },
  {
    code: 'head',
    title: '销售主管',
    scope: 'department',
    permissions: [
      ...SALES,
      ...STAFF,
      'customers.export',
      'customers.transfer',
      'customers.import',
      'assignments.export',
      'follow-ups.export',
      'sales-ranks.list',
      'staff.list',
      'notifications.list',
      'reports.sales',
    ],
    menu: [
      { title: '客户', path: '/customers' },
      { title: '公海', path: '/pool' },
      { title: '分配记录', path: '/assignments' },
      { title: '跟进记录', path: '/follow-ups' },
      { title: '导入客户', path: '/customers/import' },
      { title: '销售权重', path: '/sales-ranks' },
      { title: '缴费', path: '/payments' },
      { title: '通知', path: '/notifications' },
      ...ROOMS,
    ],
  },
  {
    code: 'lecturer',
    title: '讲师',
    scope: 'own',
    permissions: [...TEACHING, ...STAFF],
    menu: [
      { title: '班级', path: '/cohorts' },
      { title: '上课记录', path: '/lessons' },
      { title: '学习记录', path: '/study-records' },
      ...ROOMS,
    ],
  },
  {
    code: 'tutor',
    title: '班主任',
    scope: 'own',
    permissions: [...TEACHING, ...STAFF],
    menu: [
      { title: '班级', path: '/cohorts' },
      { title: '上课记录', path: '/lessons' },
      { title: '学员', path: '/students' },
      ...ROOMS,
    ],
  },
  {
    code: 'staff',
    title: '员工',
    scope: 'own',
    permissions: STAFF,
    menu: [...ROOMS, { title: '我的预定', path: '/bookings' }, { title: '绑定微信', path: '/bind' }],
  },
  {
    code: 'student',
    title: '学员',
    scope: 'own',
    permissions: ['portal.show', 'portal.homework'],
    menu: [
      { title: '我的学习', path: '/portal' },
      { title: '绑定微信', path: '/bind' },
    ],
  },
  {
    code: 'administrator',
    title: '管理员',
    scope: 'all',
    permissions: ['*'],
    menu: [
      { title: '客户', path: '/customers' },
      { title: '公海', path: '/pool' },
      { title: '分配记录', path: '/assignments' },
      { title: '跟进记录', path: '/follow-ups' },
      { title: '导入客户', path: '/customers/import' },
      { title: '销售权重', path: '/sales-ranks' },
      { title: '员工', path: '/staff' },
      { title: '部门', path: '/departments' },
      { title: '角色', path: '/roles' },
      ...ROOMS,
      { title: '预定', path: '/bookings' },
      { title: '校区', path: '/campuses' },
      { title: '课程', path: '/courses' },
      { title: '班级', path: '/cohorts' },
      { title: '上课记录', path: '/lessons' },
      { title: '学习记录', path: '/study-records' },
      { title: '学员', path: '/students' },
      { title: '缴费', path: '/payments' },
      { title: '通知', path: '/notifications' },
      { title: '变更记录', path: '/audit' },
      { title: '设置', path: '/settings' },
    ],
  },
];
