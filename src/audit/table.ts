import type { Choices } from '../web/define-table.ts';
import { defineTable, type Row, type Table } from '../web/define-table.ts';
import { createSayImage, type Image } from './say-image.ts';

const ACTIONS = { add: '新增', edit: '修改', delete: '删除' } as const satisfies Choices;
const CHANNELS = {
  chat: '微信',
  web: '网页',
  bot: '机器人',
  job: '定时任务',
  import: '导入',
  link: '链接',
  system: '系统',
  database: '数据库',
} as const satisfies Choices;

/** What the audited tables are called on screen. */
const ENTITIES = {
  Customer: '客户',
  CustomerCourse: '咨询课程',
  Assignment: '分配记录',
  FollowUp: '跟进记录',
  SalesRank: '销售权重',
  Person: '账号',
  Staff: '员工',
  Student: '学员',
  Role: '角色',
  RoleGrant: '权限',
  PersonRole: '角色分配',
  Department: '部门',
  Setting: '设置',
  NoticeTemplate: '通知模板',
  Room: '会议室',
  Booking: '预定',
  Campus: '校区',
  Course: '课程',
  CourseLecturer: '课程讲师',
  Cohort: '班级',
  CohortLecturer: '班级讲师',
  CohortStudent: '班级学员',
  Lesson: '上课记录',
  StudyRecord: '学习记录',
  Payment: '缴费',
} as const satisfies Choices;

type AuditRow = Row & {
  at: Date;
  actorId: number | null;
  actor: { id: number; name: string } | null;
  channel: string;
  entity: string;
  entityId: number;
  action: string;
  before: Image | null;
  after: Image | null;
};

/**
 * 变更记录: who changed what, when, through which channel. Written by the database's triggers; read only.
 * @param tables what the changed fields are called
 */
export function auditTable(tables: readonly Table[]): Table {
  const sayImage = createSayImage(tables);
  return defineTable({
    id: 'audit',
    title: '变更记录',
    unit: '条',
    model: 'auditEntry',
    include: { actor: { select: { id: true, name: true } } },
    fields: [
      { name: 'at', title: '时间', kind: 'instant' },
      { name: 'actor', title: '谁', kind: 'relation', filter: (values) => ({ actorId: { in: values.map(Number) } }) },
      { name: 'channel', title: '从哪里', kind: 'choice', choices: CHANNELS, filter: true },
      { name: 'action', title: '做了什么', kind: 'choice', choices: ACTIONS, filter: true },
      { name: 'entity', title: '什么', kind: 'choice', choices: ENTITIES, filter: true },
      {
        name: 'entityId',
        title: '编号',
        kind: 'number',
        filter: true,
        cell: ({ entityId }) => String(Number(entityId)),
      },
      { name: 'beforeText', title: '改之前', kind: 'longText', inList: false },
      { name: 'afterText', title: '改之后', kind: 'longText', inList: false },
    ],
    visible: () => ({}),
    defaultSort: '-id',
    present: (row) => {
      const { id, at, actor, channel, entity, entityId, action, before, after } = row as AuditRow;
      const [beforeText, afterText] = [before, after].map((image) => image && sayImage(entity, image).join('\n'));
      return { id, at, actor, channel, entity, entityId, action, before, after, beforeText, afterText };
    },
    nameOf: ({ entity, entityId }) => `${ENTITIES[entity as keyof typeof ENTITIES] ?? String(entity)} ${entityId}`,
    card: ({ at, actor, action }) => [
      `${(actor as { name: string } | null)?.name ?? '系统'}${ACTIONS[action as keyof typeof ACTIONS]}`,
      String(at).slice(5, 16).replace('T', ' '),
    ],
    empty: '还没有变更',
  });
}
