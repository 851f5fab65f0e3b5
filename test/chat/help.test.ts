import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHelp } from '../../src/chat/help.ts';
import { createRegistry, type Registry } from '../../src/chat/registry.ts';
import { type Reply, renderPlain } from '../../src/chat/reply.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Scope } from '../../src/kernel/scope.ts';
import { aCommand } from './declare.ts';

const registry = createRegistry([
  aCommand('公海 [筛选]', { id: 'customers.pool', permission: 'customers.claim', aliases: ['pool'] }),
  aCommand('抢 N', { id: 'customers.claim', permission: 'customers.claim', aliases: ['grab'] }),
  aCommand('会议室 [日期]', { id: 'rooms.grid' }),
  aCommand('点名 [N]', { id: 'teaching.rollCall', permission: 'lessons.attendance' }),
]);

async function help(about: string, permissions: readonly string[], commands: Registry = registry): Promise<string> {
  const command = createHelp(() => commands);
  const grants = permissions.map((permission) => ({ permission, scope: 'own' as const }));
  const actor: Actor = { id: 1, name: '李娜', roles: [], grants, departmentId: null, campusId: null };
  const input = z.object({ about: z.string() }).parse({ about });
  return renderPlain((await command.run({ actor } as Scope, input)) as Reply);
}

describe('帮助', () => {
  it('tells what this person may use, by what it is about', async () => {
    expect(await help('', ['customers.*'])).toBe(
      [
        '客户：公海 · 抢 N',
        '会议室：会议室',
        '其他：今天 · 下一页 · 撤销 · 帮助',
        'N 是列表里的编号。想知道某个词怎么用，回复「帮助 抢」这样',
      ].join('\n'),
    );
  });

  it('leaves out what this person may not use', async () => {
    expect(await help('', [])).not.toMatch(/公海|抢|点名/);
    expect(await help('', ['lessons.attendance'])).toContain('上课：点名');
  });

  it('takes its example from what this person may use, and speaks of numbers only where one of it takes them', async () => {
    const said = await help('', [], createRegistry([aCommand('我的成绩', { id: 'teaching.scores' })]));
    expect(said.split('\n').at(-1)).toBe('想知道某个词怎么用，回复「帮助 我的成绩」这样');
  });

  it('of a word tells how it is used', async () => {
    expect(await help('抢', ['customers.claim'])).toBe('抢 N：做抢\n也可以说 grab');
    expect(await help('公海', ['customers.claim'])).toContain('现在就用：公海');
  });

  it('of a word that is none, or none of this person’s, offers the nearest', async () => {
    expect(await help('抢', [])).toContain('没看懂「抢」');
  });

  it('stays within eight lines and 600 characters however much somebody may do', async () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      aCommand(`很长的说法${n} N 内容`, { id: `area${n % 12}.c${n}`, menu: undefined }),
    );
    const text = await help('', ['*'], createRegistry(many));
    expect(text.split('\n').length).toBeLessThanOrEqual(8);
    expect([...text].length).toBeLessThanOrEqual(600);
  });
});
