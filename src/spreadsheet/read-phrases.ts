import { defineRefusals } from '../kernel/refusal.ts';
import { LIMITS } from './read-limits.ts';

/** Why an uploaded file is not read. */
export const refuse = defineRefusals({
  not_a_workbook: {
    status: 415,
    say: () => '这不是 Excel 工作簿，也不是 CSV。请用 Excel 或 WPS 另存为 .xlsx 再传',
  },
  old_workbook: {
    status: 415,
    say: () => '这是旧的 .xls 格式，或者加了密码。去掉密码、另存为 .xlsx 再传',
  },
  other_workbook: {
    status: 415,
    say: ({ kind }: { kind: string }) => `这是 ${kind} 文件，读不了。请另存为 .xlsx 再传`,
  },
  has_macros: {
    status: 415,
    say: () => '文件里带有宏，为了安全不读。请另存为不带宏的 .xlsx 再传',
  },
  has_password: {
    status: 415,
    say: () => '文件加了密码，去掉密码再传',
  },
  damaged_csv: {
    status: 422,
    say: ({ row }: { row: number | null }) =>
      `这份 CSV ${row === null ? '' : `从第 ${row} 行起`}读不下去，多半是引号没有成对。用 Excel 或 WPS 打开，另存为 .xlsx 再传`,
  },
  damaged_workbook: {
    status: 422,
    say: () => '文件已损坏，读不下去。用 Excel 或 WPS 打开另存一份再传',
  },
  forbidden_content: {
    status: 422,
    say: () => '文件里有不该出现的外部引用（DTD），为了安全不读。用 Excel 或 WPS 另存一份再传',
  },
  too_packed: {
    status: 422,
    say: () => '文件解开后大得不正常，没有读。删掉用不上的工作表和格式，另存一份再传',
  },
  too_many_parts: {
    status: 422,
    say: () => '文件里的内容太零碎，没有读。把客户复制到新的工作簿里再传',
  },
  too_many_rows: {
    status: 422,
    say: () => `超过 ${LIMITS.rows} 行了，拆成几个文件分开传`,
  },
  cell_too_long: {
    status: 422,
    say: ({ row }: { row: number | null }) =>
      `${row === null ? '有一格' : `第 ${row} 行有一格`}的内容太长，最多 ${LIMITS.cell} 个字，改短再传`,
  },
  row_too_long: {
    status: 422,
    say: ({ row }: { row: number }) => `第 ${row} 行的内容太多了，检查一下再传`,
  },
});
