import { beforeEach, describe, expect, it } from 'vitest';
import { type Somebody, useSalesSchool } from './sales-school.ts';

const school = useSalesSchool();

describe('a name with blanks and signs nobody sees', () => {
  let li: Somebody;

  beforeEach(async () => {
    await school.empty();
    li = await school.consultant('李娜');
    await school.customer({ name: '郑爽', heldBy: li, phone: '13912340001', courses: ['Python全栈'] });
    await school.customer({ name: 'John Smith', heldBy: li, phone: '+85291234567' });
  });

  it.each([
    ['跟进 郑 爽 约了周五试听', '已记下：郑爽 · 约了周五试听'],
    ['跟进 郑　爽 约了，周五 试听', '已记下：郑爽 · 约了，周五 试听'],
    ['跟进 郑\u200b爽 约了周五', '已记下：郑爽 · 约了周五'],
    ['跟进 郑 约了周五', '已记下：郑爽 · 约了周五'],
    ['跟进 John Smith 想学前端', '已记下：John Smith · 想学前端'],
    ['释放 郑 爽 不学了', '已释放：郑爽 · 不学了'],
  ])('%j is about that customer, and the note begins behind the name', async (said, answer) => {
    expect(await li.says(said)).toContain(answer);
  });

  it.each([
    '客户 郑 爽',
    '客户 郑　爽',
    '客户 郑\u2060爽',
    '客户 郑',
    '客户 John Smith',
    '客户 Ｊｏｈｎ',
    '客户 139 1234 0001',
  ])('%j shows the file', async (said) => {
    expect(await li.says(said)).toMatch(/郑爽|John Smith/);
  });

  it.each(['我的客户 郑 爽', '我的客户 郑　爽', '我的客户 郑\ufeff爽', '我的客户 139 1234 0001', '我的客户 +852 9123'])(
    '%j finds them',
    async (said) => {
      expect(await li.says(said)).toMatch(/^我的客户（.*） 1 位/);
    },
  );
});

describe('customers of one name', () => {
  it('are told apart in lists by the last digits, else by the day; the same one listed twice is no namesake', async () => {
    await school.empty();
    const li = await school.consultant('李娜');
    await school.customer({ name: '王五', heldBy: li, phone: '13912340001' });
    await school.customer({ name: '王五', heldBy: li, phone: '13912348888' });
    await school.customer({ name: '王五', heldBy: li, qq: '12345678', received: '2026-11-19' });
    await school.customer({ name: '赵六', heldBy: li, phone: '13912340009' });
    const mine = await li.says('我的客户');
    for (const called of ['王五（尾号 0001）', '王五（尾号 8888）', '王五（11-19 接单）', '赵六 ·'])
      expect(mine).toContain(called);

    await school.customer({ name: '孙七', lostBy: li, phone: '13912340010' });
    await school.customer({ name: '孙七', lostBy: li, phone: '13912340011' });
    expect(await li.says('公海')).toMatch(/孙七（尾号 0011）[\s\S]*孙七（尾号 0010）/);
  });
});
