import { EDUCATIONS, EXPERIENCES, GENDERS, SOURCES, TITLES, WORK_STATUSES } from '../customers/index.ts';
import type { Tx } from '../kernel/scope.ts';
import { type TemplateColumn, writeTemplate } from '../spreadsheet/write-template.ts';

/** Who stands in the template's second row; an upload passes this row over. */
export const EXAMPLE_NAME = '王小雨（示例，导入时会跳过）';

type Filled = Omit<TemplateColumn, 'title'> & { example: string };

const ONE_OF_THREE = 'QQ、手机、微信号至少填一个';

/**
 * The workbook that customers are filled into: the form's fields in its order, drop-downs for choices and courses, one
 * example.
 */
export async function writeImportTemplate(tx: Tx): Promise<Buffer> {
  const courses = await tx.course.findMany({ select: { name: true }, orderBy: { id: 'asc' } });
  const names = courses.map(({ name }) => name);
  const filled: Record<keyof typeof TITLES, Filled> = {
    name: { required: true, example: EXAMPLE_NAME },
    qq: { note: ONE_OF_THREE, example: '12345678' },
    phone: { note: ONE_OF_THREE, example: '13800138000' },
    wechat: { note: ONE_OF_THREE, example: 'wang_xiaoyu' },
    gender: { choices: Object.values(GENDERS), example: '女' },
    education: { choices: Object.values(EDUCATIONS), example: '普通本科' },
    graduationSchool: { example: '北方大学' },
    major: { example: '电子信息' },
    experience: { choices: Object.values(EXPERIENCES), example: '一年至三年' },
    workStatus: { choices: Object.values(WORK_STATUSES), note: '不填就是在职', example: '在职' },
    company: { example: '' },
    salary: { example: '8k' },
    source: { choices: Object.values(SOURCES), note: '不填就是 qq群', example: '百度推广' },
    referralId: { note: '介绍他来的学员的姓名，同名就填编号', example: '' },
    courseIds: { choices: names, open: true, note: '几门课用顿号隔开', example: names.slice(0, 2).join('、') },
    memo: { example: '周末方便接电话' },
  };
  const fields = Object.keys(TITLES) as (keyof typeof TITLES)[];
  return writeTemplate({
    name: '客户',
    columns: fields.map((field) => {
      const { example: _, ...column } = filled[field];
      return { title: TITLES[field], ...column };
    }),
    example: fields.map((field) => filled[field].example),
  });
}
