/** The demo school's staff: all invented, easy to tell apart. The first ones are the accounts the README names. */
export const PEOPLE = [
  { username: 'admin', name: '林峰', phone: '13910000001', department: 1000, campus: '北京', roles: ['administrator'] },
  { username: 'head', name: '周敏', phone: '13910000002', department: 1005, campus: '北京', roles: ['head'] },
  {
    username: 'consultant1',
    name: '孙悦',
    phone: '13910000011',
    department: 1005,
    campus: '北京',
    roles: ['consultant'],
  },
  {
    username: 'consultant2',
    name: '李娜',
    phone: '13910000012',
    department: 1005,
    campus: '北京',
    roles: ['consultant'],
  },
  {
    username: 'consultant3',
    name: '王强',
    phone: '13910000013',
    department: 1005,
    campus: '北京',
    roles: ['consultant'],
  },
  {
    username: 'consultant4',
    name: '赵敏',
    phone: '13910000014',
    department: 1005,
    campus: '上海',
    roles: ['consultant'],
  },
  {
    username: 'consultant5',
    name: '陈晨',
    phone: '13910000015',
    department: 1005,
    campus: '上海',
    roles: ['consultant'],
  },
  {
    username: 'consultant6',
    name: '刘洋',
    phone: '13910000016',
    department: 1005,
    campus: '上海',
    roles: ['consultant'],
  },
  {
    username: 'lecturer1',
    name: '张伟',
    phone: '13910000021',
    department: 1003,
    campus: '北京',
    roles: ['lecturer', 'staff'],
  },
  {
    username: 'lecturer2',
    name: '吴静',
    phone: '13910000022',
    department: 1004,
    campus: '上海',
    roles: ['lecturer', 'staff'],
  },
  {
    username: 'tutor1',
    name: '郑洁',
    phone: '13910000031',
    department: 1002,
    campus: '北京',
    roles: ['tutor', 'staff'],
  },
] as const;

export const DEPARTMENTS = [
  { code: 1000, title: '市场部' },
  { code: 1001, title: '销售部' },
  { code: 1002, title: '班主任' },
  { code: 1003, title: '讲师一组' },
  { code: 1004, title: '讲师二组' },
  { code: 1005, title: '课程顾问' },
] as const;

export const COURSES = [
  { name: 'Python全栈', outline: '语言基础、前端、Web 框架、数据库、项目实战', weeks: 22, listPrice: 19800 },
  { name: 'Linux云计算', outline: '系统管理、网络、容器与编排、自动化运维', weeks: 20, listPrice: 18800 },
  { name: 'Java开发', outline: '语言基础、Spring、微服务、项目实战', weeks: 22, listPrice: 19800 },
  { name: '数据分析', outline: 'SQL、统计、可视化、业务分析', weeks: 12, listPrice: 12800 },
] as const;

export const ROOMS = [
  { name: '天上人间', seats: 12 },
  { name: '夏威夷', seats: 8 },
  { name: '马尔代夫', seats: 6 },
] as const;

/** Who takes how many turns in a cycle of the rota. */
export const RANKS = [
  { username: 'consultant1', weight: 9, slots: 2 },
  { username: 'consultant2', weight: 8, slots: 3 },
  { username: 'consultant3', weight: 7, slots: 2 },
  { username: 'consultant4', weight: 5, slots: 2 },
  { username: 'consultant5', weight: 4, slots: 1 },
  { username: 'consultant6', weight: 3, slots: 1 },
] as const;

export const STUDENTS = ['科比', '王五', '郭小靖', '黄小蓉', '令狐川', '任盈', '段誉明', '王语欣'] as const;
