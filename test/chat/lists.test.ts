import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepList } from '../../src/chat/lists.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { useDatabase } from '../setup/database.ts';
import { aPerson, openConversation } from './conversation.ts';

const database = useDatabase();
let talk: ReturnType<typeof openConversation>;
let wang: string;
let li: string;

beforeAll(async () => {
  wang = await aPerson(database(), '王强');
  li = await aPerson(database(), '李娜');
  await database().prisma.room.createMany({
    data: ['天上人间', '夏威夷', '马尔代夫', '普吉岛', '巴厘岛'].map((name) => ({ name, seats: 8 })),
  });
});

beforeEach(async () => {
  await database().prisma.numberedList.deleteMany();
  talk = openConversation(database());
});

describe('a number', () => {
  it('means that place in the person’s own last list', async () => {
    await talk.says(wang, '房间');
    expect(await talk.says(wang, '看房 2')).toBe('夏威夷 · 8 座');
    expect(await talk.says(wang, '看房第三个')).toBe('马尔代夫 · 8 座');
    expect(await talk.says(li, '看房 2')).toContain('还没有列表');
  });

  it('that is missing or none is asked for, with the word that lists', async () => {
    const asked = '看房哪一间？回复「看房 1」这样的编号，编号来自「房间」的列表';
    expect(await talk.says(wang, '看房')).toBe(asked);
    expect(await talk.says(wang, '看房 夏威夷')).toBe(asked);
  });

  it('without a list is told which word to send first', async () => {
    expect(await talk.says(wang, '看房 1')).toBe('还没有列表，先回复「房间」，再说编号');
  });

  it('beyond the list is told how many there are', async () => {
    await talk.says(wang, '房间');
    expect(await talk.says(wang, '看房 9')).toBe('列表里只有 1 到 3，没有 9');
    expect(await talk.says(wang, '看房 0')).toBe('列表里只有 1 到 3，没有 0');
  });

  it('after ten minutes is told to list again', async () => {
    await talk.says(wang, '房间');
    talk.clock.moveTo('2026-11-21T06:39:59Z');
    expect(await talk.says(wang, '看房 1')).toBe('天上人间 · 8 座');
    talk.clock.moveTo('2026-11-21T06:40:00Z');
    expect(await talk.says(wang, '看房 1')).toBe('列表的编号过期了，先回复「房间」重新看一遍');
  });

  it('of another kind of list is not taken for this kind', async () => {
    await talk.says(wang, '同事');
    expect(await talk.says(wang, '看房 1')).toBe('刚才的列表不是这一种，先回复「房间」，再说编号');
  });

  it('of the evening’s list stays valid until it expires, whatever is listed since', async () => {
    const { prisma } = database();
    const { id } = await prisma.person.findUniqueOrThrow({ where: { openid: wang } });
    const rescue = { kind: 'drop', items: [7], slot: 'rescue', expiresAt: new Date('2026-11-21T18:00:00Z') } as const;
    await talk.inTransaction(systemActor, 'job', (scope) => keepList(scope, id, rescue));
    await talk.says(wang, '房间');
    expect(await prisma.numberedList.findMany({ where: { personId: id }, orderBy: { slot: 'asc' } })).toMatchObject([
      { slot: 'list', kind: 'room' },
      { slot: 'rescue', kind: 'drop', items: [7], expiresAt: rescue.expiresAt },
    ]);
  });
});

describe('下一页', () => {
  it('goes on with the last list, and its numbers are those of the page shown', async () => {
    expect(await talk.says(wang, '房间')).toBe('1 天上人间\n2 夏威夷\n3 马尔代夫');
    expect(await talk.says(wang, '下一页')).toBe('1 普吉岛\n2 巴厘岛');
    expect(await talk.says(wang, '看房 2')).toBe('巴厘岛 · 8 座');
  });

  it('at the end says so and leaves the numbers as they were', async () => {
    await talk.says(wang, '房间');
    await talk.says(wang, 'next');
    expect(await talk.says(wang, '下一页')).toBe('已经到底了，后面没有了');
    expect(await talk.says(wang, '看房 1')).toBe('普吉岛 · 8 座');
  });

  it('without a list that has pages says what to do', async () => {
    const refused = '没有可以接着看的列表，先列出来再翻，回复「帮助」看能列什么';
    expect(await talk.says(wang, '下一页')).toBe(refused);
    await talk.says(wang, '同事');
    expect(await talk.says(wang, '下一页')).toBe(refused);
  });
});
