import { beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import { sandboxOpenid } from '../../src/sandbox/index.ts';
import { isTemplateValue } from '../../src/sandbox/template-values.ts';
import { SANDBOX_TEMPLATES, sandboxTemplate } from '../notify/kinds.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const ASSIGNED = sandboxTemplate('assigned').templateId;
const DATA = {
  thing1: { value: '王小雨' },
  thing2: { value: 'Python全栈' },
  thing3: { value: '百度推广' },
  time4: { value: '2026-11-21 14:30' },
  thing5: { value: '三天内首次联系' },
};
const sendTemplate = (more: object = {}) =>
  desk.api('/cgi-bin/message/template/send', {
    touser: desk.LI_NA,
    template_id: ASSIGNED,
    url: 'http://school.test/l/1',
    data: DATA,
    ...more,
  });
const inbox = async (openid = desk.LI_NA) => (await desk.get(`/sandbox/phones/${openid}/inbox`)).json.messages;
const sendText = (content = '你好') =>
  desk.api('/cgi-bin/message/custom/send', { touser: desk.LI_NA, msgtype: 'text', text: { content } });
const say = (text: string) => desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text });

describe('a template message', () => {
  it('arrives as a card with its fields, and is ended by a push with the same 64-bit id', async () => {
    const before = (await inbox()).length;
    const token = await desk.token();
    const { text } = await desk.post(`/sandbox/platform/cgi-bin/message/template/send?access_token=${token}`, {
      touser: desk.LI_NA,
      template_id: ASSIGNED,
      url: 'http://school.test/l/1',
      data: DATA,
    });
    const msgid = /"msgid":(\d{19})\}/.exec(text)?.[1];
    expect(msgid).toBeDefined();
    const card = (await inbox())[before];
    expect(card).toMatchObject({
      type: 'template',
      kind: 'assigned',
      title: '客户分配提醒',
      url: 'http://school.test/l/1',
      msgid,
    });
    expect(card.fields[0]).toEqual({ name: 'thing1', label: '客户', value: '王小雨' });
    await desk.sandbox.idle();
    expect(desk.pushes.map(({ push }) => push)).toMatchObject([
      { kind: 'templateFinished', msgId: msgid, status: 'success', from: desk.LI_NA },
    ]);
  });

  it('with the same client_msg_id, arrives once however often and however many at once it is sent', async () => {
    const before = (await inbox()).length;
    const client_msg_id = `once-${wallNow()}`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => sendTemplate({ client_msg_id })));
    expect(answers.every(({ errcode }) => errcode === 0)).toBe(true);
    expect(await inbox()).toHaveLength(before + 1);
    await sendTemplate({ client_msg_id, touser: desk.LI_NA });
    expect(await inbox()).toHaveLength(before + 1);
    await sendTemplate({ client_msg_id: `${client_msg_id}-other` });
    expect(await inbox()).toHaveLength(before + 2);
  });

  it('with the same client_msg_id after ten minutes, is a new message', async () => {
    const before = (await inbox()).length;
    await sendTemplate({ client_msg_id: 'later' });
    const expiresAt = new Date(wallNow() - 1);
    await desk.database().prisma.sandboxItem.updateMany({ where: { kind: 'clientMsgId' }, data: { expiresAt } });
    await sendTemplate({ client_msg_id: 'later' });
    expect(await inbox()).toHaveLength(before + 2);
  });

  it.each([
    ['an unknown phone', { touser: 'oNobody' }, 40003, /invalid openid/],
    ['an unknown template', { template_id: 'x' }, 40037, /template_id/],
    ['a missing value', { data: {} }, 47003, /argument invalid! data\.thing1\.value invalid/],
    ['a value of the wrong kind', { data: { ...DATA, time4: { value: '下午' } } }, 47003, /data\.time4\.value invalid/],
    ['21 characters in a thing', { data: { ...DATA, thing2: { value: '课'.repeat(21) } } }, 47003, /data\.thing2/],
  ])('to or with %s, is refused', async (_what, more, errcode, errmsg) => {
    const answer = await sendTemplate(more);
    expect(answer.errcode).toBe(errcode);
    expect(answer.errmsg).toMatch(errmsg);
  });

  it('to somebody who does not follow, is refused', async () => {
    expect((await sendTemplate({ touser: desk.WANG_QIANG })).errcode).toBe(43004);
  });

  it('lists a template for every kind, its fields as the content names them', async () => {
    const { template_list } = await desk.api('/cgi-bin/template/get_all_private_template');
    expect(template_list).toHaveLength(14);
    const assigned = template_list.find((template: { template_id: string }) => template.template_id === ASSIGNED);
    expect(assigned.content).toContain('客户:{{thing1.DATA}}\n');
  });

  it('of a kind that came with an update get their template at the next start; one that was deleted stays away', async () => {
    const { prisma } = desk.database();
    const claimed = `template:${sandboxTemplate('claimed').templateId}`;
    const listed = async () => (await desk.api('/cgi-bin/template/get_all_private_template')).template_list.length;
    await prisma.sandboxItem.delete({ where: { key: claimed } });
    await desk.sandbox.start();
    expect(await listed()).toBe(13);
    const kinds = Object.keys(SANDBOX_TEMPLATES).filter((kind) => kind !== 'claimed');
    await prisma.sandboxItem.update({ where: { key: 'templates' }, data: { value: { kinds } } });
    await desk.sandbox.start();
    expect(await listed()).toBe(14);
  });

  it('can be of a template that was added, until it is deleted', async () => {
    const add = (keyword_name_list: string[]) =>
      desk.api('/cgi-bin/template/api_add_template', { template_id_short: '51819', keyword_name_list });
    expect((await add([])).errcode).toBe(40246);
    const { template_id } = await add(['课程名称']);
    expect((await sendTemplate({ template_id, data: { thing1: { value: 'Python' } } })).errcode).toBe(0);
    expect((await desk.api('/cgi-bin/template/del_private_template', { template_id })).errcode).toBe(0);
    expect((await sendTemplate({ template_id })).errcode).toBe(40037);
  });
});

describe('template values', () => {
  it.each([
    ['thing1', '课'.repeat(20), true],
    ['thing1', '两\n行', false],
    ['thing1', '', false],
    ['character_string3', 'A-2026-001', true],
    ['character_string3', '编号 1', false],
    ['time2', '15:01', true],
    ['time2', '2019年10月1日 15:01', true],
    ['time2', '2023-09-21 17:00', true],
    ['time2', '10:00~12:00', true],
    ['time2', '明天 10:00', false],
    ['date1', '2026年11月21日', true],
    ['date1', '11-21', false],
    ['number4', '12.50', true],
    ['number4', '三', false],
    ['amount5', '¥12800.00', true],
    ['amount5', '12800元', true],
    ['phone_number6', '138 0013 8000', true],
    ['name7', '欧阳小雨', true],
    ['name7', '很'.repeat(11), false],
    ['phrase8', '已签到', true],
    ['phrase8', 'OK', false],
    ['letter9', 'abc', true],
    ['car_number1', '京A12345', true],
    ['keyword1', '什么都行', true],
  ])('%s takes %j: %s', (name, value, taken) => {
    expect(isTemplateValue(name, value)).toBe(taken);
  });

  it('the examples of all templates fit their fields', () => {
    for (const { fields, example, title } of Object.values(SANDBOX_TEMPLATES)) {
      fields.forEach(({ name }, n) => {
        expect(isTemplateValue(name, example[n]), `${title} ${name}`).toBe(true);
      });
    }
  });
});

describe('a customer-service message', () => {
  it('before anybody wrote or tapped, finds no open window', async () => {
    await desk.post('/sandbox/clock', { byMinutes: 5 * 24 * 60 });
    expect((await sendText()).errcode).toBe(45015);
  });

  it('after a message goes out five times in 48 hours', async () => {
    await say('公海');
    for (let n = 0; n < 5; n += 1) expect((await sendText(`第 ${n} 条`)).errcode).toBe(0);
    expect((await sendText()).errcode).toBe(45047);
    await say('再来');
    expect((await sendText()).errcode).toBe(0);
    await desk.post('/sandbox/clock', { byMinutes: 48 * 60 + 1 });
    expect((await sendText()).errcode).toBe(45015);
  });

  it('after a menu click goes out three times in a minute', async () => {
    await desk.post('/sandbox/clock', { byMinutes: 20 * 24 * 60 });
    await desk.post(`/sandbox/phones/${desk.LI_NA}/click`, { key: 'pool' });
    for (let n = 0; n < 3; n += 1) expect((await sendText()).errcode).toBe(0);
    expect((await sendText()).errcode).toBe(45047);
    await desk.post('/sandbox/clock', { byMinutes: 20 * 24 * 60 + 2 });
    await desk.post('/sandbox/clock', { byMinutes: 2 });
    expect((await sendText()).errcode).toBe(45015);
  });

  it('keeps the limits of its kind', async () => {
    await say('公海');
    const send = (more: object) => desk.api('/cgi-bin/message/custom/send', { touser: desk.LI_NA, ...more });
    const article = { title: '标题', description: '描述', url: 'http://school.test/', picurl: '' };
    expect((await sendText('字'.repeat(683))).errcode).toBe(45002);
    expect((await sendText('')).errcode).toBe(44004);
    expect((await send({ msgtype: 'news', news: { articles: [article, article] } })).errcode).toBe(45008);
    expect((await send({ msgtype: 'image', image: { media_id: 'gone' } })).errcode).toBe(40007);
    expect((await send({ msgtype: 'film' })).errcode).toBe(40008);
    expect((await send({ touser: sandboxOpenid('nobody'), msgtype: 'text', text: { content: '' } })).errcode).toBe(
      40003,
    );
    const list = [{ id: '101', content: '满意' }];
    expect((await send({ msgtype: 'msgmenu', msgmenu: { head_content: '怎么样', list } })).errcode).toBe(0);
    const last = (await inbox()).at(-1);
    expect(last.text).toBe('怎么样\n满意');
    expect(last.parts[1]).toEqual({ label: '满意', say: '满意', menuId: '101' });
  });

  it('shows typing once, and only to somebody who was here just now', async () => {
    const typing = (command: string) => desk.api('/cgi-bin/message/custom/typing', { touser: desk.LI_NA, command });
    await desk.post('/sandbox/clock', { byMinutes: 40 * 24 * 60 });
    expect((await typing('Typing')).errcode).toBe(45080);
    await say('在吗');
    expect((await typing('Writing')).errcode).toBe(45072);
    expect((await typing('Typing')).errcode).toBe(0);
    expect((await typing('Typing')).errcode).toBe(45081);
    expect((await typing('CancelTyping')).errcode).toBe(0);
  });
});

describe('users', () => {
  it('tell who follows, and nothing more of those who do not', async () => {
    expect(await desk.api('/cgi-bin/user/info', undefined, `&openid=${desk.LI_NA}`)).toMatchObject({ subscribe: 1 });
    const stranger = await desk.api('/cgi-bin/user/info', undefined, `&openid=${desk.WANG_QIANG}`);
    expect(stranger).toEqual({ subscribe: 0, openid: desk.WANG_QIANG });
    expect((await desk.api('/cgi-bin/user/info', undefined, '&openid=x')).errcode).toBe(40003);
    expect((await desk.api('/cgi-bin/user/get')).data.openid).toContain(desk.LI_NA);
    const two = await desk.api('/cgi-bin/user/info/batchget', {
      user_list: [{ openid: desk.LI_NA }, { openid: desk.WANG_QIANG }],
    });
    expect(two.user_info_list.map((user: { subscribe: number }) => user.subscribe)).toEqual([1, 0]);
  });
});
