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

  it.each(['客户 郑 爽', '客户 郑　爽', '客户 郑\u2060爽', '客户 郑', '客户 John Smith'])(
    '%j shows the file',
    async (said) => {
      expect(await li.says(said)).toMatch(/郑爽|John Smith/);
    },
  );

  it.each(['我的客户 郑 爽', '我的客户 郑　爽', '我的客户 郑\ufeff爽', '我的客户 139 1234 0001', '我的客户 +852 9123'])(
    '%j finds them',
    async (said) => {
      expect(await li.says(said)).toMatch(/^我的客户（.*） 1 位/);
    },
  );
});
