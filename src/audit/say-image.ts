import type { Field, Table } from '../web/define-table.ts';

/** What a row was before or after, column by column, as the triggers keep it. */
export type Image = Record<string, unknown>;

/** Columns of bookkeeping, which tell nobody anything. */
const HIDDEN: ReadonlySet<string> = new Set(['id', 'version', 'createdAt', 'updatedAt']);

/** Columns that no table shows under their own name. */
const COLUMNS: Readonly<Record<string, string>> = {
  person: '账号',
  customer: '客户',
  consultant: '课程顾问',
  enteredBy: '录入人',
  lastConsultant: '上一位顾问',
  referralStudent: '介绍的学员',
  cohort: '班级',
  course: '课程',
  lesson: '课次',
  student: '学员',
  role: '角色',
  room: '会议室',
  campus: '校区',
  department: '部门',
  tutor: '班主任',
  lecturer: '讲师',
  turn: '轮次',
  permission: '权限',
  params: '限定',
  scope: '看得到',
  menu: '菜单',
  origin: '怎么来的',
  series: '每周系列',
  notifyPrefs: '通知方式',
  key: '设置项',
  value: '值',
  templateId: '模板编号',
  fields: '字段',
  kind: '种类',
  pooledAt: '进公海时间',
  poolReason: '进公海原因',
  studentMemo: '学员备注',
  gradedAt: '批改时间',
  handedInAt: '交作业时间',
  homeworkFile: '作业文件',
  voidedAt: '作废时间',
  voidReason: '作废原因',
  onLeaveUntil: '请假到',
  joinedOn: '进班',
  leftOn: '离班',
};

/** Words images by what the declared tables call their fields and choices. */
export function createSayImage(tables: readonly Table[]): (entity: string, image: Image | null) => string[] {
  const fields = new Map<string, Map<string, Field>>();
  for (const { model, fields: declared } of tables) {
    const known = fields.get(model) ?? new Map<string, Field>();
    for (const field of declared) if (!known.has(field.name)) known.set(field.name, field);
    fields.set(model, known);
  }
  return (entity, image) => {
    const known = fields.get(entity.charAt(0).toLowerCase() + entity.slice(1));
    return Object.entries(image ?? {})
      .filter(([column]) => !HIDDEN.has(column))
      .map(([column, value]) => {
        const name = column.replace(/(?<=.)Id$/, '');
        const field = known?.get(column) ?? known?.get(name);
        return `${field?.title ?? COLUMNS[column] ?? COLUMNS[name] ?? column}：${say(value, field, name !== column)}`;
      });
  };
}

function say(value: unknown, field: Field | undefined, isReference: boolean): string {
  if (value === null || value === '') return '空';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'object') return JSON.stringify(value);
  const choice = field?.choices?.[String(value)];
  if (choice) return choice;
  return isReference && typeof value === 'number' ? `编号 ${value}` : String(value);
}
