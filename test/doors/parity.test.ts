import { describe, expect, it } from 'vitest';
import { useTestService } from '../setup/service.ts';
import { createPushes, deliver } from './pushes.ts';

const service = useTestService();
const WHO = 'consultant2';

/** What a consultant says in the two-minute story, mistakes included; every change is taken back at the end. */
const CONVERSATION = [
  '帮助',
  '公海 百度推广',
  '公海',
  '抢 99',
  '抢 1',
  '跟进 1 已约后天来校区看看',
  '客户 1',
  '抢 1',
  '我的客户',
  '公害',
  '跟进 1',
  'log 1 call again',
  '撤销',
  '撤销',
  '撤销',
  '撤销 ZZZZ',
  'pool 没有这个来源',
  '今天天气不错',
] as const;

/** An answer as people read it: taps and codes look different or are drawn anew, words are the same. */
function asRead(answer: string): string {
  return answer
    .replace(/<a [^>]*>(.*?)<\/a>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/撤销 [A-Z2-9]{4}/g, '撤销 CODE');
}

type Door = { name: string; say(text: string): Promise<string> };

function doors(): Door[] {
  const { url, school } = service();
  const phone = service().phone(WHO);
  const pushes = createPushes(school.account);
  return [
    { name: 'Official Account', say: async (text) => pushes.open(await deliver(url, pushes.text(phone.openid, text))) },
    { name: 'bot', say: phone.sayToBot },
    { name: 'sandbox phone', say: phone.say },
  ];
}

async function play(door: Door): Promise<string[]> {
  const answers: string[] = [];
  for (const text of CONVERSATION) answers.push(`${text}\n${asRead(await door.say(text))}`);
  return answers;
}

describe('one conversation', () => {
  it('through Official Account, bot and sandbox phone reads the same, word for word', async () => {
    const [account, ...others] = doors();
    const read = await play(account as Door);
    for (const answer of read) expect(answer.split('\n').slice(1).join('').length).toBeGreaterThan(4);
    expect(read.join('\n')).toContain('抢到了');
    expect(read.join('\n')).toContain('已记下');
    for (const door of others) expect([door.name, await play(door)]).toEqual([door.name, read]);
  });

  it('leaves the same records whatever the door, each under its own channel', async () => {
    const admin = await service().signIn('admin');
    const channels: string[] = [];
    for (const door of doors()) {
      await door.say('公海');
      await door.say('抢 1');
      const [change] = (await admin.get('/audit?sort=-id&size=1')).json.rows;
      channels.push(change.channel);
      const [following] = (await admin.get('/assignments?sort=-id&size=1')).json.rows;
      expect(following).toMatchObject({ state: 'following', consultant: { name: '李娜' } });
      await door.say('撤销');
    }
    expect(channels).toEqual(['chat', 'bot', 'chat']);
  });

  it('by a menu click is the typed one', async () => {
    const { url, school } = service();
    const phone = service().phone(WHO);
    const pushes = createPushes(school.account);
    const clicked = pushes.open(await deliver(url, pushes.click(phone.openid, 'customers.pool')));
    expect(asRead(clicked)).toBe(asRead(await phone.click('customers.pool')));
    expect(asRead(clicked)).toBe(asRead(await phone.say('公海')));
  });

  it('with somebody unbound says how to bind, through every door', async () => {
    const { url, school } = service();
    const stranger = service().phone('consultant1');
    const pushes = createPushes(school.account);
    await stranger.follow();
    const answers = [
      pushes.open(await deliver(url, pushes.text(stranger.openid, '公海'))),
      await stranger.sayToBot('公海'),
      await stranger.say('公海'),
    ].map(asRead);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('绑定');
  });
});
