import { beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { sandboxOpenid } from '../../src/sandbox/index.ts';
import { menuLink, webLink } from '../../src/wechat/index.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const phone = (openid: string, doing: string, body: object = {}) =>
  desk.post(`/sandbox/phones/${openid}/${doing}`, body);
const makeCode = (more: object = {}) =>
  desk.api('/cgi-bin/qrcode/create', {
    expire_seconds: 600,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'bind:8f3k' } },
    ...more,
  });

describe('the phones', () => {
  it('are one for each person and two spare ones, with the same openids on every machine', async () => {
    const { json } = await desk.get('/sandbox/phones');
    expect(json.map((each: { name: string }) => each.name)).toEqual(['王强', '李娜', '备用手机 1', '备用手机 2']);
    expect(json[1]).toMatchObject({ openid: desk.LI_NA, following: true, bound: false });
    expect(desk.LI_NA).toMatch(/^oXx[\w-]{25}$/);
  });

  it('can be more', async () => {
    const { status, json } = await desk.post('/sandbox/phones', { name: '新来的' });
    expect(status).toBe(201);
    expect(json).toMatchObject({ name: '新来的', following: false });
    expect((await desk.post('/sandbox/phones', { username: 'nobody' })).status).toBe(422);
  });
});

describe('say', () => {
  it('reaches the school as a signed and sealed push, and its reply is read on the phone', async () => {
    desk.schoolAnswers(() => ({
      type: 'text',
      text: `公海 23 位\n${menuLink('抢 1', 'n1')} ${webLink('详情', 'http://school.test/l/1')}`,
    }));
    const { status, json } = await phone(desk.LI_NA, 'say', { text: '公海' });
    expect(status).toBe(200);
    expect(json.replies).toEqual(['公海 23 位\n抢 1 详情 http://school.test/l/1']);
    expect(json.messages[0].parts).toEqual([
      { text: '公海 23 位\n' },
      { label: '抢 1', say: '抢 1', menuId: 'n1' },
      { text: ' ' },
      { label: '详情', url: 'http://school.test/l/1' },
    ]);
    expect(desk.pushes[0]?.push).toMatchObject({
      kind: 'text',
      content: '公海',
      from: desk.LI_NA,
      to: desk.account.ghId,
    });
  });

  it('of a tapped word, carries its id', async () => {
    await phone(desk.LI_NA, 'say', { text: '抢 1', menuId: 'n1' });
    expect(desk.pushes[0]?.push).toMatchObject({ kind: 'text', content: '抢 1', menuId: 'n1' });
  });

  it('without a reply, shows nothing', async () => {
    expect((await phone(desk.LI_NA, 'say', { text: '你好' })).json.replies).toEqual([]);
  });

  it('from a phone that does not follow, is refused and says what to do', async () => {
    const { status, json } = await phone(sandboxOpenid('spare1'), 'say', { text: '公海' });
    expect(status).toBe(409);
    expect(json.error.code).toBe('not_following');
    expect(json.error.message).toContain('关注');
    expect(desk.pushes).toEqual([]);
  });

  it.each([
    ['no text', {}, 422],
    ['an empty text', { text: ' ' }, 422],
    ['a number', { text: 1 }, 422],
    ['broken JSON', '{', 400],
    ['what no text can hold', '{"text":"\\u0000"}', 400],
    ['a list', '[]', 400],
  ])('with %s, is refused', async (_what, body, status) => {
    const answer = await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, body);
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toBeTruthy();
  });

  it('from an unknown phone, is 404', async () => {
    expect((await phone('oNobody', 'say', { text: '公海' })).status).toBe(404);
    expect((await desk.get('/sandbox/phones/oNobody/inbox')).status).toBe(404);
  });

  it('twice the same at once, are two messages with ids of their own', async () => {
    await Promise.all([phone(desk.LI_NA, 'say', { text: '公海' }), phone(desk.LI_NA, 'say', { text: '公海' })]);
    expect(new Set(desk.pushes.map(({ key }) => key)).size).toBe(2);
  });

  it('to the bot, is answered by the bot and no push', async () => {
    const { json } = await desk.post(`/sandbox/bot/${desk.LI_NA}/say`, { text: '公海' });
    expect(json.replies).toEqual(['机器人听到 公海']);
    expect(desk.pushes).toEqual([]);
  });
});

describe('scan', () => {
  it('by a newcomer follows and binds in one push, by a follower is a SCAN', async () => {
    const openid = sandboxOpenid('spare2');
    const { ticket } = await makeCode();
    expect((await phone(openid, 'scan', { ticket })).json.following).toBe(true);
    expect((await phone(openid, 'scan', { ticket })).status).toBe(200);
    expect(desk.pushes.map(({ push }) => push)).toMatchObject([
      { kind: 'subscribe', eventKey: 'qrscene_bind:8f3k', scene: 'bind:8f3k', ticket },
      { kind: 'scan', eventKey: 'bind:8f3k', scene: 'bind:8f3k', ticket },
    ]);
    await phone(openid, 'unfollow');
  });

  it("takes the picture's address and the code's content too", async () => {
    const { ticket, url } = await makeCode();
    const picture = `${desk.base}/sandbox/platform/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`;
    for (const given of [picture, url]) await phone(desk.LI_NA, 'scan', { ticket: given });
    expect(desk.pushes.map(({ push }) => push.kind)).toEqual(['scan', 'scan']);
    const shown = await fetch(picture);
    expect(shown.headers.get('content-type')).toBe('image/jpg');
    await shown.arrayBuffer();
  });

  it("takes a bind ticket's id and the address of its picture", async () => {
    const { prisma } = desk.database();
    const { ticket } = await makeCode();
    const now = new Date(wallNow());
    const person = { name: '王强', username: 'consultant1', passwordHash: '', createdAt: now, updatedAt: now };
    const { id: personId } = await prisma.person.create({ data: person });
    const expiresAt = new Date(now.getTime() + 600_000);
    await prisma.bindTicket.create({
      data: { id: 't-1', personId, scene: 'bind:8f3k', ticket, createdAt: now, expiresAt },
    });
    for (const given of ['t-1', '/bind/ticket/t-1/qr.svg']) await phone(desk.LI_NA, 'scan', { ticket: given });
    expect(desk.pushes.map(({ push }) => push.kind)).toEqual(['scan', 'scan']);
    expect((await desk.get('/sandbox/feed')).json.codes[0].title).toBe('王强 的绑定码');
    await prisma.bindTicket.update({ where: { id: 't-1' }, data: { state: 'bound' } });
    expect((await desk.get('/sandbox/feed')).json.codes).toEqual([]);
  });

  it('of an unknown or an expired code is refused', async () => {
    expect((await phone(desk.LI_NA, 'scan', { ticket: 'gQx' })).status).toBe(404);
    const { ticket } = await makeCode();
    await desk
      .database()
      .prisma.sandboxItem.update({ where: { key: `qr:${ticket}` }, data: { expiresAt: new Date(wallNow() - 1) } });
    const { status, json } = await phone(desk.LI_NA, 'scan', { ticket });
    expect(status).toBe(409);
    expect(json.error.code).toBe('code_expired');
  });

  it.each([
    [{ action_name: 'QR' }, 40052],
    [{ action_info: { scene: { scene_str: 'x'.repeat(65) } } }, 40053],
    [{ expire_seconds: 2_592_001 }, 40053],
    [{ action_name: 'QR_SCENE', action_info: { scene: { scene_id: 0 } } }, 40053],
  ])('a code made with %o is refused with %i', async (more, errcode) => {
    expect((await makeCode(more)).errcode).toBe(errcode);
  });

  it('a code made without a scene silently has the key 0', async () => {
    const { ticket } = await makeCode({ action_info: {} });
    await phone(desk.LI_NA, 'scan', { ticket });
    expect(desk.pushes[0]?.push).toMatchObject({ kind: 'scan', scene: '0' });
  });
});

describe('follow, unfollow, click and view', () => {
  it('push what the platform pushes, each told apart from the last within the same second', async () => {
    const openid = sandboxOpenid('spare1');
    for (const doing of ['follow', 'follow', 'unfollow', 'follow', 'unfollow']) await phone(openid, doing);
    expect(desk.pushes.map(({ push }) => push.kind)).toEqual(['subscribe', 'unsubscribe', 'subscribe', 'unsubscribe']);
    expect(new Set(desk.pushes.map(({ key }) => key)).size).toBe(4);
    expect(desk.pushes[0]?.push).toMatchObject({ eventKey: '', ticket: undefined });
  });

  it('a menu click gets its reply, an opened page does not', async () => {
    desk.schoolAnswers(() => ({ type: 'text', text: '好' }));
    expect((await phone(desk.LI_NA, 'click', { key: 'customers.pool' })).json.replies).toEqual(['好']);
    expect((await phone(desk.LI_NA, 'view', { url: 'http://school.test/' })).json.replies).toEqual([]);
    expect(desk.pushes.map(({ push }) => push)).toMatchObject([
      { kind: 'click', eventKey: 'customers.pool' },
      { kind: 'view', url: 'http://school.test/' },
    ]);
    expect((await phone(desk.LI_NA, 'click', {})).status).toBe(422);
  });
});

describe('the desk', () => {
  it('shows a code that says an address among the codes, and a phone that opens it comes to that page', async () => {
    const url = `${desk.base}/who`;
    desk.pageCodes.push({ title: '签到码 Python全栈(9期) 第 5 节', url, secondsLeft: 12 });
    const [code] = (await desk.get('/sandbox/feed')).json.codes;
    expect(code).toMatchObject({ title: '签到码 Python全栈(9期) 第 5 节', url, secondsLeft: 12 });
    expect(code.picture).toMatch(/^data:image\/png;base64,/);
    const opened = await desk.get(`/sandbox/phones/${desk.LI_NA}/open?url=${encodeURIComponent(url)}`);
    expect(opened.headers.get('location')).toBe(`/sandbox/phones/${desk.LI_NA}/web/who`);
  });

  it('shows conversations, codes and exchanges, and opens a sealed push on demand', async () => {
    desk.schoolAnswers(() => ({ type: 'text', text: '公海 23 位' }));
    await makeCode({ action_info: { scene: { scene_str: 'check-in:1' } } });
    await phone(desk.LI_NA, 'say', { text: '看看公海' });
    const { json } = await desk.get(`/sandbox/feed?openids=${desk.LI_NA}`);
    expect(json.messages.slice(-2)).toMatchObject([
      { direction: 'out', text: '看看公海', openid: desk.LI_NA },
      { direction: 'in', text: '公海 23 位' },
    ]);
    expect(json.codes[0].title).toBe('二维码 check-in:1');
    expect(json.words).toEqual(['帮助', '公海']);
    const push = json.traffic.findLast((row: { direction: string }) => row.direction === 'push');
    const opened = (await desk.get(`/sandbox/traffic/${push.id}`)).json;
    expect(opened.request.body).toContain('<Encrypt>');
    expect(opened.request.body).not.toContain('看看公海');
    expect(opened.request.plain).toContain('看看公海');
    expect(opened.response.plain).toContain('公海 23 位');
    const later = await desk.get(
      `/sandbox/feed?openids=${desk.LI_NA}&after=${json.messages.at(-1).id}&traffic=${json.traffic.at(-1).id}`,
    );
    expect(later.json.messages).toEqual([]);
    // Exchanges known already may come again, which the page leaves out; none is new.
    const known = json.traffic.map(({ id }: { id: number }) => id);
    expect(later.json.traffic.filter(({ id }: { id: number }) => !known.includes(id))).toEqual([]);
  });

  it('asked on and on while both phones get messages at once, misses none and shows none twice', async () => {
    await phone(desk.WANG_QIANG, 'follow');
    const [both, after] = [
      [desk.LI_NA, desk.WANG_QIANG],
      [0, 0],
    ];
    const seen: string[] = [];
    const look = async () => {
      const { json } = await desk.get(`/sandbox/feed?openids=${both}&after=${after}`);
      for (const { openid, id, text } of json.messages) {
        after[both.indexOf(openid)] = id;
        if (String(text).startsWith('第')) seen.push(`${openid} ${text}`);
      }
    };
    const texts = Array.from({ length: 40 }, (_, n) => `第 ${n} 句`);
    const said = Promise.all(texts.flatMap((text) => both.map((openid) => phone(openid, 'say', { text }))));
    let isOver = false;
    void said.finally(() => {
      isOver = true;
    });
    while (!isOver) await look();
    await look();
    expect(seen.toSorted()).toEqual(texts.flatMap((text) => both.map((openid) => `${openid} ${text}`)).toSorted());
  });

  it('never shows the secret or a whole token', async () => {
    const token = await desk.token();
    await desk.api('/cgi-bin/getcallbackip');
    const rows = await desk.database().prisma.sandboxTraffic.findMany();
    const kept = JSON.stringify(rows);
    expect(kept).not.toContain(desk.account.appSecret);
    expect(kept).not.toContain(token);
  });
});
