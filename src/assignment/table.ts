import { holders } from '../customers/index.ts';
import { defineTable, type Row, type Table } from '../web/define-table.ts';
import type { createRankChanges } from './change-ranks.ts';
import { AddRank, EditRank } from './schema.ts';

const named = { select: { id: true, name: true } } as const;

/** 销售权重: who stands in the rota, how heavy, how often in a cycle and up to which caps. */
export function salesRanksTable(changes: ReturnType<typeof createRankChanges>): Table {
  return defineTable({
    id: 'sales-ranks',
    title: '销售权重',
    unit: '位',
    model: 'salesRank',
    include: { consultant: named },
    fields: [
      {
        name: 'consultant',
        title: '课程顾问',
        kind: 'relation',
        sort: true,
        filter: true,
        inForm: true,
        options: async (tx, _reader, q) =>
          tx.person.findMany({
            where: { ...holders, ...(q && { name: { contains: q } }) },
            select: { id: true, name: true },
            orderBy: { name: 'asc' },
          }),
      },
      {
        name: 'weight',
        title: '权重',
        kind: 'number',
        sort: true,
        filter: true,
        inForm: true,
        hint: '大的排在前面，一样大的按先来后到',
      },
      {
        name: 'slots',
        title: '数量',
        kind: 'number',
        sort: true,
        filter: true,
        inForm: true,
        hint: '一轮里分几位，0 就是不分',
      },
      {
        name: 'followingCap',
        title: '在跟上限',
        kind: 'number',
        sort: true,
        inForm: true,
        hint: '手上正在跟进的满了就先跳过；空着不限',
      },
      {
        name: 'dailyCap',
        title: '每日上限',
        kind: 'number',
        sort: true,
        inForm: true,
        hint: '一天自动分到这么多就先跳过；空着不限',
      },
    ],
    visible: () => ({}),
    search: (q) => ({ consultant: { name: { contains: q } } }),
    defaultSort: '-weight,id',
    present: presentRank,
    nameOf: (row) => (row.consultant as { name: string }).name,
    card: (row) => [`权重 ${row.weight} · 一轮 ${row.slots} 位`, sayCaps(row)],
    add: { title: '排进轮转', button: '排进轮转', input: AddRank, run: changes.addRank },
    edit: { input: EditRank, run: changes.editRank },
    remove: { run: changes.removeRank },
    links: [
      { title: '看这一轮和下一轮', href: '/sales-ranks/cycle', permission: 'sales-ranks.list' },
      { title: '先预演一下', href: '/settings/preview', permission: 'settings.edit' },
    ],
    empty: '还没有人排进轮转，录入的客户都先放进公海。先把课程顾问排进来',
  });
}

function presentRank(row: Row) {
  const { id, consultant, weight, slots, followingCap, dailyCap } = row;
  return { id, consultant, weight, slots, followingCap, dailyCap };
}

function sayCaps({ followingCap, dailyCap }: Record<string, unknown>): string {
  const caps = [followingCap && `在跟最多 ${followingCap} 位`, dailyCap && `每天最多 ${dailyCap} 位`].filter(Boolean);
  return caps.join(' · ') || '不设上限';
}
