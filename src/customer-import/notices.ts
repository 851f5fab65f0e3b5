import { z } from 'zod';
import { assigned } from '../customers/index.ts';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject, recordIn } from '../notices/define-subject.ts';
import { dotted } from '../notices/wording.ts';

/** An import with what became of its rows. */
export const importSubject = defineSubject({ entity: 'import', number: 6, path: recordIn('/customers/import') });

/** What became of a file, for who imported it. */
export const importDone = defineNotice({
  kind: 'importDone',
  title: '导入完成',
  long: true,
  data: z.object({
    fileName: z.string(),
    saved: z.number(),
    filled: z.number().optional(),
    duplicates: z.number(),
    failed: z.number(),
  }),
  line: (d) => `导入完成：${d.fileName}`,
  more: (d) => [
    dotted(`入库 ${d.saved}`, d.filled ? `补全 ${d.filled}` : '', `重复 ${d.duplicates}`, `没通过 ${d.failed}`),
  ],
  link: '看结果',
  template: {
    of: assigned,
    values: (d) => ({
      customer: `${d.saved} 位新客户`,
      course: '见导入结果',
      source: '批量导入',
      at: '',
      note: `重复 ${d.duplicates} · 没通过 ${d.failed}`,
    }),
  },
  sample: { fileName: '客户.xlsx', saved: 120, duplicates: 3, failed: 5 },
});

/** What imports say. */
export const importNotices: Declared = { notices: [importDone], subjects: [importSubject] };
