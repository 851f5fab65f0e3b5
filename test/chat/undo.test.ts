import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../setup/database.ts';
import { aPerson, openConversation } from './conversation.ts';

const database = useDatabase();
let talk: ReturnType<typeof openConversation>;
let wang: string;
let other: string;

beforeAll(async () => {
  wang = await aPerson(database(), '王强');
  other = await aPerson(database(), '王芳');
});

beforeEach(async () => {
  await database().prisma.undoCode.deleteMany();
  await database().prisma.room.deleteMany();
  talk = openConversation(database());
});

/** Adds a room and gives the code of its receipt. */
async function add(name: string): Promise<string> {
  const [, code] = /撤销 (\w{4})$/.exec(await talk.says(wang, `建房 ${name} 8`)) ?? [];
  if (!code) throw new Error('the receipt has no code');
  return code;
}

function roomCount(): Promise<number> {
  return database().prisma.room.count();
}

describe('撤销', () => {
  it('takes back the last change, then the one before', async () => {
    await add('天上人间');
    await add('夏威夷');
    expect(await talk.says(wang, '撤销')).toBe('撤回了：夏威夷');
    expect(await talk.says(wang, '撤销')).toBe('撤回了：天上人间');
    expect(await talk.says(wang, '撤销')).toBe('最近十分钟里没有可以撤销的改动');
  });

  it.each([(code: string) => code, (code: string) => code.toLowerCase()])(
    'takes back the change a code names',
    async (write) => {
      const code = await add('天上人间');
      await add('夏威夷');
      expect(await talk.says(wang, `撤销 ${write(code)}`)).toBe('撤回了：天上人间');
      expect(await roomCount()).toBe(1);
    },
  );

  it('is done once, also when asked twice at the same time', async () => {
    const code = await add('夏威夷');
    const answers = await Promise.all([talk.says(wang, `撤销 ${code}`), talk.says(wang, `撤销${code}`)]);
    expect(answers.sort()).toEqual([`${code} 那次已经撤销过了`, '撤回了：夏威夷'].sort());
  });

  it('is refused after ten minutes', async () => {
    const code = await add('夏威夷');
    talk.clock.moveTo('2026-11-21T06:40:00Z');
    expect(await talk.says(wang, `撤销 ${code}`)).toBe(`${code} 过了十分钟，撤不回来了`);
    expect(await talk.says(wang, '撤销')).toBe('最近十分钟里没有可以撤销的改动');
    expect(await roomCount()).toBe(1);
  });

  it('is refused where something later touched the record, and may be asked again', async () => {
    const code = await add('夏威夷');
    await database().prisma.room.updateMany({ data: { seats: 9 } });
    expect(await talk.says(wang, `撤销 ${code}`)).toBe('夏威夷后来又有改动，撤不回来了，需要的话直接改回去');
    await database().prisma.room.updateMany({ data: { seats: 8 } });
    expect(await talk.says(wang, `撤销 ${code}`)).toBe('撤回了：夏威夷');
  });

  it('knows only one’s own codes', async () => {
    const code = await add('夏威夷');
    expect(await talk.says(other, `撤销 ${code}`)).toBe(`没有找到撤销码 ${code}，看看回执最后一行写的是什么`);
    expect(await talk.says(other, '撤销')).toBe('最近十分钟里没有可以撤销的改动');
    expect(await roomCount()).toBe(1);
  });

  it('asks the permission of the change again', async () => {
    const code = await add('夏威夷');
    await database().prisma.person.update({ where: { openid: wang }, data: { name: '李强' } });
    expect(await talk.says(wang, `撤销 ${code}`)).toContain('你没有用「建房」的权限');
    await database().prisma.person.update({ where: { openid: wang }, data: { name: '王强' } });
  });

  it('leaves no code behind where the change was refused', async () => {
    await talk.says(wang, '建房 满 8');
    expect(await database().prisma.undoCode.count()).toBe(0);
  });
});
