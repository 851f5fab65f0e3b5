import { may } from '../access/access.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { defineJob, type Job } from '../jobs/define-job.ts';
import type { PageContext } from '../web/define-page.ts';
import { type Choices, defineTable, type Row, type Table } from '../web/define-table.ts';
import type { Figure } from '../web/home.ts';
import { escapeHtml } from '../web/render.ts';
import { COLUMNS } from './columns.ts';

const PATHS: Record<string, string> = { Customer: 'customers', Course: 'courses', Campus: 'campuses', Room: 'rooms' };
const ENTITIES = { Customer: '客户', Course: '课程', Campus: '校区', Room: '会议室' } as const satisfies Choices;
const FIELDS = { phone: '手机', qq: 'QQ', wechat: '微信号', name: '名称' } as const satisfies Choices;

/** 写法重复: what stayed as it was because another record has it already, for an administrator to look at. */
export const clashesTable: Table = defineTable({
  id: 'clashes',
  title: '写法重复',
  unit: '条',
  model: 'formClash',
  fields: [
    { name: 'wanted', title: '应写成', kind: 'text', sort: true },
    { name: 'stored', title: '现在写的', kind: 'text' },
    { name: 'entity', title: '是什么', kind: 'choice', choices: ENTITIES, filter: true },
    { name: 'field', title: '哪一栏', kind: 'choice', choices: FIELDS, filter: true },
    { name: 'recordId', title: '记录', kind: 'number', cell: recordCell },
    { name: 'foundAt', title: '发现', kind: 'instant', inList: false },
  ],
  visible: () => ({}),
  search: (q) => ({ OR: [{ stored: { contains: q } }, { wanted: { contains: q } }] }),
  defaultSort: 'wanted,id',
  present: (row) => {
    const { id, entity, recordId, field, stored, wanted, foundAt } = row as Row & Record<string, unknown>;
    return { id, entity, recordId, field, stored, wanted, foundAt };
  },
  nameOf: ({ stored }) => String(stored),
  card: ({ wanted }) => [`应写成 ${wanted}`, '已有另一条这样写，核对后改掉或删掉一条'],
  recordLinks: ({ entity, recordId }) => [{ title: '打开这条记录', href: `/${PATHS[String(entity)]}/${recordId}` }],
  remove: { run: async ({ tx }, id) => tx.formClash.deleteMany({ where: { id } }) },
  empty: '没有重复，都是统一的写法',
});

function recordCell({ entity, recordId }: Record<string, unknown>): string {
  const number = escapeHtml(String(recordId));
  return `<a href="/${PATHS[String(entity)]}/${number}">${ENTITIES[entity as keyof typeof ENTITIES]} ${number}</a>`;
}

/** How many wait on the first page of who may see them; nothing where none does. */
export function createClashFigures({ prisma }: { prisma: PrismaClient }) {
  return async ({ reader }: PageContext): Promise<Figure[]> => {
    if (!may(reader.actor, 'clashes.list')) return [];
    const value = await prisma.formClash.count();
    return value > 0 ? [{ title: '写法重复，等核对', value, path: '/clashes', tone: 'warn' }] : [];
  };
}

/** Takes off the list what was put right: the record is gone, or says something else by now. */
export const clearClashes: Job = defineJob({
  id: 'upgrade.clear-clashes',
  title: '清掉已经核对好的写法重复',
  at: '40 3 * * *',
  missed: 'last',
  batch: 1000,
  run: async ({ tx }) => {
    let cleared = 0;
    for (const { table, column } of COLUMNS.filter(({ unique }) => unique)) {
      const [from, text] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"`)];
      cleared += await tx.$executeRaw`
        DELETE FROM "FormClash" c WHERE c.entity = ${table} AND c.field = ${column}
          AND NOT EXISTS (SELECT 1 FROM ${from} t WHERE t.id = c."recordId" AND t.${text} = c.stored)`;
    }
    return cleared;
  },
});
