import { beforeEach, describe, expect, it } from 'vitest';
import { sandboxTemplate } from '../notify/kinds.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const say = (text = '公海') => desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text });
const faults = (body: object) => desk.post('/sandbox/faults', body);
const keys = () => desk.pushes.map(({ key }) => key);

describe('pushes', () => {
  it('duplicated, come as the same push at once, and the phone gets one reply', async () => {
    desk.schoolAnswers(() => ({ type: 'text', text: '好' }));
    await faults({ pushes: { duplicate: 2 } });
    const { json } = await say();
    expect(json.replies).toEqual(['好']);
    expect(json.deliveries).toHaveLength(3);
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
  });

  it('lost once, come at the second try', async () => {
    desk.schoolAnswers(() => ({ type: 'text', text: '好' }));
    await faults({ pushes: { lose: 1 } });
    const { json } = await say();
    expect(json.deliveries.map((each: { status: string }) => each.status)).toEqual(['lost', 'ok']);
    expect(json.replies).toEqual(['好']);
    expect((await desk.get('/sandbox/faults')).json).toEqual({ pushes: {}, calls: [] });
  });

  it('lost three times, show the user that the service failed', async () => {
    await faults({ pushes: { lose: true } });
    const { json } = await say();
    expect(json.deliveries).toHaveLength(3);
    expect(json.replies).toEqual(['该公众号提供的服务出现故障，请稍后再试']);
    expect(desk.pushes).toEqual([]);
  });

  it('whose answer is lost, come again with the same key', async () => {
    await faults({ pushes: { loseAnswers: 1 } });
    await say();
    expect(keys()).toHaveLength(2);
    expect(new Set(keys()).size).toBe(1);
  });

  it('delayed, still bring their reply', async () => {
    desk.schoolAnswers(() => ({ type: 'text', text: '好' }));
    await faults({ pushes: { delayMs: 30 } });
    expect((await say()).json.replies).toEqual(['好']);
  });

  it('of template messages, end as told and then nothing arrives', async () => {
    await faults({ pushes: { templateStatus: 'failed:user block' } });
    const { templateId, fields, example } = sandboxTemplate('claimed');
    const data = Object.fromEntries(fields.map(({ name }, n) => [name, { value: example[n] }]));
    const before = (await desk.get(`/sandbox/phones/${desk.LI_NA}/inbox`)).json.messages.length;
    await desk.api('/cgi-bin/message/template/send', { touser: desk.LI_NA, template_id: templateId, data });
    await desk.sandbox.idle();
    expect(desk.pushes[0]?.push).toMatchObject({ kind: 'templateFinished', outcome: 'blocked' });
    expect((await desk.get(`/sandbox/phones/${desk.LI_NA}/inbox`)).json.messages).toHaveLength(before);
  });
});

describe('calls', () => {
  it('fail with the errcode as often as told, and only those named', async () => {
    await faults({ calls: [{ call: 'user/info', errcode: 45009, times: 2 }] });
    const info = () => desk.api('/cgi-bin/user/info', undefined, `&openid=${desk.LI_NA}`);
    expect((await info()).errcode).toBe(45009);
    expect((await desk.api('/cgi-bin/getcallbackip')).errcode).toBeUndefined();
    expect((await info()).errcode).toBe(45009);
    expect((await info()).subscribe).toBe(1);
  });

  it('can be named in the short forms scripts like', async () => {
    const short = await faults({ call: '/cgi-bin/user/info', errcode: -1, count: 1, duplicate: true });
    expect(short.json).toEqual({
      pushes: { duplicate: true },
      calls: [{ call: '/cgi-bin/user/info', errcode: -1, times: 1 }],
    });
    const byPath = await faults({ reset: true, calls: { 'template/send': 43004 } });
    expect(byPath.json).toEqual({ pushes: {}, calls: [{ call: 'template/send', errcode: 43004 }] });
  });

  it('can break with HTTP 500 before anything happens', async () => {
    const token = await desk.token();
    await faults({ calls: [{ call: 'getcallbackip', status: 500, times: 1 }] });
    expect((await desk.get(`/sandbox/platform/cgi-bin/getcallbackip?access_token=${token}`)).status).toBe(500);
  });

  it('can be accepted and then lose their answer', async () => {
    const token = await desk.token();
    await say();
    const before = (await desk.get(`/sandbox/phones/${desk.LI_NA}/inbox`)).json.messages.length;
    await faults({ calls: [{ call: 'custom/send', loseAnswer: true, times: 1 }] });
    const body = { touser: desk.LI_NA, msgtype: 'text', text: { content: '到了吗' } };
    await expect(
      desk.post(`/sandbox/platform/cgi-bin/message/custom/send?access_token=${token}`, body),
    ).rejects.toThrow();
    expect((await desk.get(`/sandbox/phones/${desk.LI_NA}/inbox`)).json.messages).toHaveLength(before + 1);
  });

  it('can hang until the caller has had enough, without having done anything', async () => {
    const token = await desk.token();
    await faults({ calls: [{ call: 'menu/get', timeout: true, times: 1 }] });
    const hanging = fetch(`${desk.base}/sandbox/platform/cgi-bin/menu/get?access_token=${token}`, {
      signal: AbortSignal.timeout(200),
    });
    await expect(hanging).rejects.toThrow();
  });
});

describe('a wrong switch', () => {
  it.each([
    [{ pushes: { doubled: 1 } }],
    [{ nonsense: true }],
    [{ calls: [{ call: 'user/info' }] }],
    [{ pushes: { lose: 'all' } }],
  ])('%o is refused and says what there is', async (body) => {
    const { status, json } = await faults(body);
    expect(status).toBe(422);
    expect(Object.values(json.error.fields).join()).toMatch(/可用的有|要写明怎么出错/);
  });
});

describe('a school whose work fails', () => {
  it('still answers the push, and its user reads what to do', async () => {
    desk.schoolAnswers(async () => Promise.reject(new Error('broken')));
    expect((await say()).json.replies[0]).toContain('这一步没有办成');
  });
});
