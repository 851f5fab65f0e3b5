import type { KnownCustomer } from '../customers/index.ts';
import { defineRefusals } from '../kernel/refusal.ts';

/**
 * Days that an import's rows stay: time enough to put a sheet of refused rows right, and no longer, as it holds names
 * and phone numbers of people who are no customers of ours.
 */
export const KEPT_DAYS = 30;

/** Why an import is not taken or does not go on. */
export const refuse = defineRefusals({
  no_file: { status: 422, say: () => '还没选文件，选一个 .xlsx 或 .csv 再上传' },
  empty_sheet: { status: 422, say: () => '表里没有客户。标题一行，下面每行一位客户' },
  no_such_sheet: { status: 422, say: ({ name }: { name: string }) => `没有叫「${name}」的工作表` },
  empty_header: { status: 422, say: ({ row }: { row: number }) => `第 ${row} 行是空的，换一行当标题` },
  no_such_column: { status: 422, say: () => '选的列不在这张表里，重新选一下' },
  missing_column: { status: 422, say: ({ text }: { text: string }) => text },
  file_is_gone: {
    status: 409,
    say: () => '原来的文件没有留下来，不能换表、换行或改列了，重新上传一次就好',
  },
  too_busy: { status: 429, say: () => '正在读的文件有点多，过一分钟再传' },
  still_reading: { status: 409, say: () => '文件还在读，读完再导入' },
  not_readable: { status: 409, say: ({ why }: { why: string }) => `这份表格没有导入：${why}` },
  rows_cleared: { status: 409, say: () => `不能导入的行只留 ${KEPT_DAYS} 天，已经清掉了。在原来的表里改好再传` },
});

export const PROBLEMS = {
  stopped: '读到一半服务重启了，什么都没有导入，再传一次就好',
  failed: '文件没有读成，什么都没有导入。再传一次，还不行请找管理员',
  unconfirmed: `放了 ${KEPT_DAYS} 天没有确认，什么都没有导入，读到的行已经清掉。还要导入就再传一次`,
} as const;

/** Why a row is refused, as it stands in the report. */
export const say = {
  unsolved: (title: string) => `${title}是公式，还没有算出结果，用 Excel 打开保存一次再传`,
  formulaError: (title: string, text: string) => `${title}是出错的公式（${text}）`,
  lostDigits: (title: string, text: string) => `${title}被表格变成了 ${text}，把这一列设成文本再填一次`,
  missing: (what: string, row: number) => `第 ${row} 行没有认出${what}：选一下是哪一列，或者换一行当标题`,
  sameAs: (rows: readonly number[]) => `和文件里第 ${rows.join('、')} 行是同一位`,
  nothingToFill: '没有空着的可以补',
  known: (known: readonly KnownCustomer[], readerId: number): string => {
    const [first] = known;
    if (known.length > 1)
      return `联系方式属于 ${known.length} 位不同的客户：${known.map((one) => whose(one, readerId)).join('，')}`;
    return first?.consultant ? `已有这位客户，${whose(first, readerId)}` : '已有这位客户，在公海里，可以直接抢';
  },
};

function whose({ consultant }: KnownCustomer, readerId: number): string {
  if (!consultant) return '在公海里';
  return consultant.id === readerId ? '由你负责' : `由${consultant.name}负责`;
}

export const STATES = {
  reading: '正在读',
  preview: '等你确认',
  running: '正在导入',
  done: '导入完成',
  failed: '没有导入',
} as const;

export const ROW_STATES = {
  pending: '可导入',
  saved: '已导入',
  filled: '已补全',
  duplicate: '重复',
  failed: '没通过',
} as const;
