import pino from 'pino';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renderPlain } from '../../src/chat/reply.ts';
import { openDatabase } from '../../src/database/open.ts';
import { quietLog, useDatabase } from '../setup/database.ts';
import { postgresOnly } from '../setup/services.ts';
import { aPerson, committed, openConversation } from './conversation.ts';

const database = useDatabase();
let talk: ReturnType<typeof openConversation>;
let wang: string;
let li: string;

beforeAll(async () => {
  wang = await aPerson(database(), '王强');
  li = await aPerson(database(), '李娜');
});

beforeEach(async () => {
  const { prisma } = database();
  await prisma.room.deleteMany();
  await prisma.messageReceipt.deleteMany();
  await prisma.numberedList.deleteMany();
  await prisma.undoCode.deleteMany();
  await prisma.auditEntry.deleteMany();
  committed.length = 0;
  talk = openConversation(database());
});

function roomNames(): Promise<string[]> {
  return database()
    .prisma.room.findMany({ orderBy: { id: 'asc' } })
    .then((rooms) => rooms.map(({ name }) => name));
}

describe('a message', () => {
  it('from somebody unknown is told how to bind', async () => {
    expect(await talk.says('openid-nobody', '房间')).toBe(
      '还不认识你。请在电脑上登录校信，打开「绑定微信」，用这个微信扫码',
    );
  });

  it('runs the command it names and ends with the way back', async () => {
    expect(await talk.says(wang, '建房 夏威夷 8')).toMatch(/^建好了：夏威夷\n8 座。撤销 [2-9A-HJKMNP-Z]{4}$/);
    expect(await roomNames()).toEqual(['夏威夷']);
    expect(committed).toEqual(['夏威夷']);
  });

  it('is written to the audit log under the sender’s name and channel', async () => {
    await talk.answer({ sender: wang, channel: 'bot', text: '建房 夏威夷 8' });
    const person = await database().prisma.person.findUniqueOrThrow({ where: { openid: wang } });
    expect(await database().prisma.auditEntry.findMany()).toMatchObject([
      { entity: 'Room', actorId: person.id, channel: 'bot' },
    ]);
  });

  it('without the permission is refused by name', async () => {
    expect(await talk.says(li, '建房 夏威夷 8')).toBe('你用不了「建房」，可以说「房间」「同事」「帮助」');
    expect(await roomNames()).toEqual([]);
  });

  it('that does not fit gets the first problem and the usage', async () => {
    expect(await talk.says(wang, '建房 夏威夷大会议室 8')).toBe('名字最多六个字。写成「建房 名字 座位」这样');
    expect(await talk.says(wang, '建房')).toBe('有个地方没看懂。写成「建房 名字 座位」这样');
  });

  it('nobody understands gets the nearest commands this person may use', async () => {
    expect(await talk.says(wang, '建方 夏威夷')).toContain('是不是要：建房？');
    expect(await talk.says(li, '建方 夏威夷')).not.toContain('建房？');
  });

  it('without words is told what is read here', async () => {
    expect(renderPlain(await talk.answer({ sender: wang, text: '  ' }))).toBe(
      '这里只看得懂文字。回复「帮助」看看能做什么',
    );
  });

  it('with what no text of the database can hold is read without it', async () => {
    expect(await talk.says(wang, '建房 夏\u0000威\ud800夷 8')).toContain('建好了：夏威夷');
    expect(await talk.says(wang, '\u0000不懂\udfff')).toContain('没看懂「不懂」');
    expect(await roomNames()).toEqual(['夏威夷']);
  });

  it('from the menu runs the command of that key', async () => {
    await talk.says(wang, '建房 夏威夷 8');
    expect(renderPlain(await talk.answer({ sender: wang, command: 'test.rooms' }))).toBe('1 夏威夷');
  });

  it('from an older menu gets 帮助', async () => {
    expect(renderPlain(await talk.answer({ sender: wang, command: 'test.gone' }))).toContain('帮助');
  });

  it('can tap what a refusal quotes', async () => {
    const { lines } = await talk.answer({ sender: wang, text: '建房 满 8' });
    expect(lines).toEqual([['这层满了，回复', { label: '房间', say: '房间' }, '看别的']]);
  });
});

describe('a message delivered again', () => {
  it('has one effect and gets the same answer', async () => {
    const message = { channel: 'chat', sender: wang, text: '建房 夏威夷 8', key: 'k1' } as const;
    const first = await talk.dispatch(message);
    expect(await talk.dispatch(message)).toEqual(first);
    expect(await roomNames()).toEqual(['夏威夷']);
    expect(committed).toEqual(['夏威夷']);
  });

  it('gets the same refusal, of which nothing but the receipt is kept', async () => {
    const message = { channel: 'chat', sender: wang, text: '建房 满 8', key: 'k2' } as const;
    const first = await talk.dispatch(message);
    expect(renderPlain(first)).toBe('这层满了，回复「房间」看别的');
    expect(await talk.dispatch(message)).toEqual(first);
    expect(await roomNames()).toEqual([]);
    expect(committed).toEqual([]);
    expect(await database().prisma.messageReceipt.count()).toBe(1);
  });

  it('ten times at once has one effect and gets one answer', async () => {
    const message = { channel: 'chat', sender: wang, text: '建房 夏威夷 8', key: 'k3' } as const;
    const answers = await Promise.all(Array.from({ length: 10 }, () => talk.dispatch(message)));
    expect(new Set(answers.map(renderPlain)).size).toBe(1);
    expect(renderPlain(answers[0] ?? { lines: [] })).toContain('建好了：夏威夷');
    expect(await roomNames()).toEqual(['夏威夷']);
  });

  it('may try again where the first failed, which is logged whole and told in plain words', async () => {
    const logged: string[] = [];
    const log = pino({}, { write: (line: string) => void logged.push(line) });
    const failing = openConversation(database(), { log });
    const message = { channel: 'chat', sender: wang, text: '建房 炸 8', key: 'k4' } as const;
    const told = renderPlain(await failing.dispatch(message));
    const [, ref] = /编号 ([0-9A-F]{6})/.exec(told) ?? [];
    expect(told).toContain('什么都没有改动');
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      ref,
      command: 'test.addRoom',
      err: { message: 'the roof came down', stack: expect.stringContaining('conversation.ts') },
    });
    expect(logged[0]).not.toContain(wang);
    expect(await roomNames()).toEqual([]);
    expect(await database().prisma.messageReceipt.count()).toBe(0);

    expect(renderPlain(await failing.dispatch({ ...message, text: '建房 夏威夷 8' }))).toContain('建好了');
  });
});

postgresOnly('a message delivered to two nodes at once', () => {
  it('has one effect and gets one answer', async () => {
    const { databaseUrl } = database();
    const second = await openDatabase({ databaseUrl, log: quietLog });
    try {
      const nodes = [talk, openConversation(second)];
      for (let round = 0; round < 20; round += 1) {
        const message = { channel: 'chat', sender: wang, text: `建房 房${round} 8`, key: `two|${round}` } as const;
        const answers = await Promise.all([...nodes, ...nodes].map((node) => node.dispatch(message)));
        expect(new Set(answers.map(renderPlain)).size).toBe(1);
        expect(renderPlain(answers[0] ?? { lines: [] })).toContain('建好了');
      }
      expect(await roomNames()).toHaveLength(20);
    } finally {
      await second.close();
    }
  });
});
