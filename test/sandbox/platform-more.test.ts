import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signatureOf } from '../../src/wechat/signature.ts';
import { readXml, writeXml } from '../../src/wechat/xml.ts';
import { sandboxTemplate } from '../notify/kinds.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const entry = (name: string) => ({ type: 'click', name, key: name });
const inform = (path: string, body?: unknown, query?: string) => desk.api(path, body, query);

/** A multipart call with a file, as clients upload. */
async function upload(path: string, query: string, type = 'image/png', fields: Record<string, string> = {}) {
  const form = new FormData();
  form.set('media', new Blob([new Uint8Array([1, 2, 3])], { type }), 'a.png');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const address = `${desk.base}/sandbox/platform${path}?access_token=${await desk.token()}${query}`;
  return (await (await fetch(address, { method: 'POST', body: form })).json()) as Record<string, never>;
}

describe('tags', () => {
  it('are made, told apart by name, given to followers, asked for and taken away', async () => {
    const made = await inform('/cgi-bin/tags/create', { tag: { name: '学员' } });
    const { id } = made.tag;
    expect(made).toEqual({ tag: { id: expect.any(Number), name: '学员' } });
    expect((await inform('/cgi-bin/tags/create', { tag: { name: '学员' } })).errcode).toBe(45157);
    const name = '一二三四五六七八九十壹';
    expect((await inform('/cgi-bin/tags/create', { tag: { name } })).errcode).toBe(45158);
    const batch = (how: string, openid_list: string[], tagid = id) =>
      inform(`/cgi-bin/tags/members/batch${how}`, { openid_list, tagid });
    expect((await batch('tagging', [desk.LI_NA, desk.WANG_QIANG])).errcode).toBe(0);
    expect((await batch('tagging', ['nobody'])).errcode).toBe(40003);
    expect((await batch('tagging', [desk.LI_NA], 999)).errcode).toBe(45159);
    expect((await batch('tagging', Array(51).fill(desk.LI_NA))).errcode).toBe(40032);
    expect(await inform('/cgi-bin/tags/getidlist', { openid: desk.LI_NA })).toEqual({ tagid_list: [id] });
    expect((await inform('/cgi-bin/user/info', undefined, `&openid=${desk.LI_NA}`)).tagid_list).toEqual([id]);
    expect((await inform('/cgi-bin/tags/get')).tags).toContainEqual({ id, name: '学员', count: 2 });
    await batch('untagging', [desk.LI_NA]);
    expect(await inform('/cgi-bin/tags/getidlist', { openid: desk.LI_NA })).toEqual({ tagid_list: [] });
    expect((await inform('/cgi-bin/tags/update', { tag: { id, name: '老学员' } })).errcode).toBe(0);
    expect((await inform('/cgi-bin/tags/delete', { tag: { id } })).errcode).toBe(0);
    expect(await inform('/cgi-bin/tags/getidlist', { openid: desk.WANG_QIANG })).toEqual({ tagid_list: [] });
  });

  it('at most twenty are on a person', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 21; n += 1)
      ids.push((await inform('/cgi-bin/tags/create', { tag: { name: `标签${n}` } })).tag.id);
    const codes: number[] = [];
    for (const tagid of ids)
      codes.push((await inform('/cgi-bin/tags/members/batchtagging', { openid_list: [desk.LI_NA], tagid })).errcode);
    expect([codes.slice(0, 20).every((code) => code === 0), codes[20]]).toEqual([true, 45059]);
    for (const id of ids) await inform('/cgi-bin/tags/delete', { tag: { id } });
  });
});

describe('conditional menus', () => {
  it('need a default one, win by tag, the newest first, and go with it', async () => {
    await inform('/cgi-bin/menu/delete');
    const add = (name: string, matchrule: object) =>
      inform('/cgi-bin/menu/addconditional', { button: [entry(name)], matchrule });
    const shown = async (openid = desk.LI_NA) =>
      (await inform('/cgi-bin/menu/trymatch', { user_id: openid })).button?.[0]?.name;
    expect((await add('员工', { tag_id: '100' })).errcode).toBe(65303);
    await inform('/cgi-bin/menu/create', { button: [entry('大家'), { name: '更多', sub_button: [entry('帮助')] }] });
    const { id } = (await inform('/cgi-bin/tags/create', { tag: { name: '员工' } })).tag;
    await inform('/cgi-bin/tags/members/batchtagging', { openid_list: [desk.LI_NA], tagid: id });
    const { menuid } = await add('员工', { tag_id: String(id) });
    expect(menuid).toMatch(/^\d+$/);
    await add('员工新', { tag_id: String(id) });
    expect([await shown(), await shown(desk.WANG_QIANG)]).toEqual(['员工新', '大家']);
    expect((await desk.get(`/sandbox/feed?openids=${desk.LI_NA}`)).json.menus[desk.LI_NA].button[0].name).toBe(
      '员工新',
    );

    const all = await inform('/cgi-bin/menu/get');
    expect(all.menu.button[0]).toEqual({ ...entry('大家'), sub_button: [] });
    expect(all.menu.button[1].sub_button[0].sub_button).toEqual([]);
    expect(all.conditionalmenu.map((menu: { button: { name: string }[] }) => menu.button[0]?.name)).toEqual([
      '员工新',
      '员工',
    ]);
    expect(all.conditionalmenu[1]).toMatchObject({ menuid: Number(menuid), matchrule: { tag_id: String(id) } });
    expect(await inform('/cgi-bin/get_current_selfmenu_info')).toMatchObject({
      is_menu_open: 1,
      selfmenu_info: { button: [entry('大家'), { name: '更多', sub_button: { list: [entry('帮助')] } }] },
    });
    expect((await inform('/cgi-bin/menu/delconditional', { menuid })).errcode).toBe(0);
    expect((await inform('/cgi-bin/menu/delconditional', { menuid })).errcode).toBe(65301);
    expect((await inform('/cgi-bin/menu/delete')).errcode).toBe(0);
    expect((await inform('/cgi-bin/menu/trymatch', { user_id: desk.LI_NA })).errcode).toBe(46003);
  });
});

describe('what is kept of people and files', () => {
  it('a remark is shown in user/info, and the time of following stays the same', async () => {
    await inform('/cgi-bin/user/info/updateremark', { openid: desk.LI_NA, remark: '校区前台' });
    const ask = () => inform('/cgi-bin/user/info', undefined, `&openid=${desk.LI_NA}`);
    const first = await ask();
    await desk.post('/sandbox/clock', { byMinutes: 60 });
    expect(await ask()).toEqual(first);
    expect(first).toMatchObject({ remark: '校区前台', subscribe: 1 });
  });

  it('a picture for an article has an address; material is listed, counted, fetched, sent and deleted', async () => {
    expect((await upload('/cgi-bin/media/uploadimg', '')).url).toMatch(/^http:\/\/mmbiz\.qpic\.cn\//);
    expect((await upload('/cgi-bin/media/uploadimg', '', 'image/gif')).errcode).toBe(40005);
    const { media_id, url } = await upload('/cgi-bin/material/add_material', '&type=image');
    expect(url).toContain(String(media_id));
    const description = JSON.stringify({ title: '开学', introduction: '第一天' });
    const film = await upload('/cgi-bin/material/add_material', '&type=video', 'video/mp4', { description });
    expect(await inform('/cgi-bin/material/get_material', { media_id: film.media_id })).toMatchObject({
      title: '开学',
    });
    expect(await inform('/cgi-bin/material/get_materialcount')).toEqual({
      voice_count: 0,
      video_count: 1,
      image_count: 1,
      news_count: 0,
    });
    expect(await inform('/cgi-bin/material/batchget_material', { type: 'image', offset: 0, count: 20 })).toMatchObject({
      total_count: 1,
      item_count: 1,
      item: [{ media_id, name: 'a.png' }],
    });
    await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '你好' });
    const image = { touser: desk.LI_NA, msgtype: 'image', image: { media_id } };
    expect((await inform('/cgi-bin/message/custom/send', image)).errcode).toBe(0);
    expect((await inform('/cgi-bin/material/del_material', { media_id })).errcode).toBe(0);
    expect((await inform('/cgi-bin/material/get_material', { media_id })).errcode).toBe(40007);
  });
});

describe('the console', () => {
  it('says whether the callback is reachable, what a refused call was, and about automatic replies', async () => {
    const checked = await inform('/cgi-bin/callback/check', { action: 'all', check_operator: 'DEFAULT' });
    expect(checked).toMatchObject({ dns: [{ ip: '127.0.0.1' }], ping: [{ package_loss: '0%' }] });
    const refused = await inform('/cgi-bin/message/custom/send', { touser: 'nobody', msgtype: 'text' });
    const rid = /rid: ([\w-]+)$/.exec(refused.errmsg)?.[1];
    const told = await inform('/cgi-bin/openapi/rid/get', { rid });
    expect(told).toMatchObject({ errcode: 0, request: { request_url: '/cgi-bin/message/custom/send' } });
    expect(told.request.request_body).toContain('nobody');
    expect((await inform('/cgi-bin/openapi/rid/get', { rid: 'never' })).errcode).toBe(76001);
    expect(await inform('/cgi-bin/get_current_autoreply_info')).toMatchObject({ is_autoreply_open: 0 });
  });

  it('each type of ticket is its own', async () => {
    const ticket = async (type: string) =>
      (await inform('/cgi-bin/ticket/getticket', undefined, `&type=${type}`)).ticket;
    expect(await ticket('jsapi')).not.toBe(await ticket('wx_card'));
    expect(await ticket('wx_card')).toBe(await ticket('wx_card'));
  });

  it('secrets that are wrong or missing have codes of their own', async () => {
    const code = async (path: string) => (await desk.get(`/sandbox/platform${path}`)).json.errcode;
    const { appId } = desk.account;
    const token = `/cgi-bin/token?grant_type=client_credential`;
    expect(await code(`${token}&appid=${appId}&secret=no`)).toBe(40125);
    expect(await code(`${token}&appid=${appId}`)).toBe(41004);
    expect(await code(token)).toBe(41002);
    expect(await code(`/sns/oauth2/access_token?appid=${appId}&secret=no&code=c&grant_type=authorization_code`)).toBe(
      40125,
    );
  });
});

describe('a QR picture', () => {
  it('is a JPEG, also where the + of its ticket was not escaped', async () => {
    let ticket = '';
    while (!ticket.includes('+')) {
      const body = { action_name: 'QR_STR_SCENE', expire_seconds: 600, action_info: { scene: { scene_str: 'a' } } };
      ticket = (await inform('/cgi-bin/qrcode/create', body)).ticket;
    }
    for (const written of [encodeURIComponent(ticket), ticket]) {
      const answer = await fetch(`${desk.base}/sandbox/platform/cgi-bin/showqrcode?ticket=${written}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpg']);
      expect(bytes.subarray(0, 4).toString('hex')).toBe('ffd8ffe0');
      expect(bytes.subarray(-2).toString('hex')).toBe('ffd9');
    }
  });
});

describe('subscription notices', () => {
  it('go out once for each 允许, and the platform tells of both', async () => {
    const { templateId } = sandboxTemplate('claimed');
    const body = {
      touser: desk.LI_NA,
      template_id: templateId,
      data: { thing1: { value: '王小雨' }, thing2: { value: '李娜' } },
    };
    const send = () => inform('/cgi-bin/message/subscribe/bizsend', body);
    expect((await send()).errcode).toBe(43101);
    await desk.post(`/sandbox/phones/${desk.LI_NA}/subscribe`, { templateId, status: 'reject' });
    expect((await send()).errcode).toBe(43101);
    await desk.post(`/sandbox/phones/${desk.LI_NA}/subscribe`, { templateId });
    expect((await send()).errcode).toBe(0);
    expect((await send()).errcode).toBe(43101);
    await desk.sandbox.idle();
    expect(desk.pushes.map(({ push }) => push.event)).toEqual([
      'subscribe_msg_popup_event',
      'subscribe_msg_popup_event',
      'subscribe_msg_sent_event',
    ]);
  });
});

describe('from a phone', () => {
  const say = (body: object) => desk.post(`/sandbox/phones/${desk.LI_NA}/say`, body);

  it('pictures, voices and places are pushed as such, and their media can be fetched', async () => {
    await say({ type: 'image', data: Buffer.from('hello').toString('base64') });
    await say({ type: 'voice' });
    await say({ type: 'location', latitude: 31.19, longitude: 121.43, label: '徐汇区漕溪北路 18 号' });
    const pushed = desk.pushes.map(({ push }) => push);
    expect(pushed).toMatchObject([
      { kind: 'image', url: expect.stringContaining('mmbiz') },
      { kind: 'voice', format: 'amr' },
      { kind: 'location', latitude: '31.19', longitude: '121.43', label: '徐汇区漕溪北路 18 号' },
    ]);
    const mediaId = pushed[0]?.kind === 'image' ? pushed[0].mediaId : '';
    const token = await desk.token();
    const file = await fetch(
      `${desk.base}/sandbox/platform/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`,
    );
    expect(await file.text()).toBe('hello');
  });

  it('what cannot be sent is refused and says what can', async () => {
    expect((await say({ type: 'hologram' })).json.error.fields.type).toContain('location');
    expect((await say({ text: ' ' })).status).toBe(422);
  });
});

describe('modes', () => {
  let server: Server | undefined;
  afterEach(async () => {
    await desk.post('/sandbox/account', { mode: 'safe', callbackUrl: '' });
    server?.closeAllConnections();
    server?.close();
  });

  /** A client of somebody else's: keeps what comes and answers so. */
  async function elsewhere(answer: (fields: Record<string, string>) => string) {
    const seen: { query: URLSearchParams; fields: Record<string, string> }[] = [];
    server = createServer(async (req: IncomingMessage, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const fields = readXml(Buffer.concat(chunks).toString()) as Record<string, string>;
      seen.push({ query: new URL(req.url ?? '', 'http://x').searchParams, fields });
      res.end(answer(fields));
    });
    const listening = server;
    await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready));
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
  }
  const echo = ({ ToUserName, FromUserName, Content }: Record<string, string>) =>
    writeXml({
      ToUserName: FromUserName ?? '',
      FromUserName: ToUserName ?? '',
      CreateTime: 1763700001,
      MsgType: 'text',
      Content: `听到 ${Content}`,
    });

  it('the account tells its secrets, its mode and where it pushes to', async () => {
    const { appId: appid, appSecret: secret, token, aesKey: key } = desk.account;
    expect((await desk.get('/sandbox/account')).json).toMatchObject({ appid, secret, token, key, mode: 'safe' });
    expect((await desk.post('/sandbox/account', { mode: 'open' })).status).toBe(422);
    expect((await desk.post('/sandbox/account', { callbackUrl: 'ftp://a' })).status).toBe(422);
  });

  it('plain: readable fields with the short signature, answered in plain XML', async () => {
    const { seen, url } = await elsewhere(echo);
    await desk.post('/sandbox/account', { mode: 'plain', callbackUrl: url });
    const { json } = await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '你好 </xml>' });
    expect(json.replies).toEqual(['听到 你好 </xml>']);
    const [push] = seen;
    expect(push?.fields).toMatchObject({ FromUserName: desk.LI_NA, Content: '你好 </xml>' });
    expect([push?.fields.Encrypt, push?.query.get('encrypt_type')]).toEqual([undefined, null]);
    const { token } = desk.account;
    expect(push?.query.get('signature')).toBe(
      signatureOf(token, push?.query.get('timestamp') ?? '', push?.query.get('nonce') ?? ''),
    );
  });

  it('compatible: both beside each other, answered either way', async () => {
    const { seen, url } = await elsewhere(echo);
    await desk.post('/sandbox/account', { mode: 'compatible', callbackUrl: url });
    const { json } = await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '你好 </xml>' });
    expect(json.replies).toEqual(['听到 你好 </xml>']);
    expect(seen[0]?.fields).toMatchObject({ Content: '你好 </xml>', Encrypt: expect.any(String) });
    expect(seen[0]?.query.get('encrypt_type')).toBe('aes');

    await desk.post('/sandbox/account', { callbackUrl: '' });
    desk.schoolAnswers(() => ({ type: 'text', text: '学校在' }));
    expect((await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '在吗' })).json.replies).toEqual(['学校在']);
  });
});
