import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NoticeTemplate } from '../../src/generated/prisma/client.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { clearSentNotices } from '../../src/notify/index.ts';
import { contentOf } from '../../src/sandbox/templates.ts';
import { SANDBOX_TEMPLATES } from './kinds.ts';
import { assigned, pooled, TEMPLATE_SEND, TEMPLATES, useNotify } from './notify-school.ts';
import { startWeb } from './notify-web.ts';

const school = useNotify();
let web: Awaited<ReturnType<typeof startWeb>>;
let kicks = 0;

beforeEach(async () => {
  kicks = 0;
  web = await startWeb(school, {
    kick: () => {
      kicks += 1;
    },
  });
  const own = Object.values(SANDBOX_TEMPLATES).map(({ templateId, title, fields }) => ({
    template_id: templateId,
    title,
    content: contentOf(fields),
    example: '',
  }));
  const other = {
    template_id: 'other',
    title: '通用提醒',
    content: '事项:{{thing1.DATA}}\n状态:{{phrase2.DATA}}\n',
    example: '',
  };
  school.platform.answer(TEMPLATES, { template_list: [...own, other] });
});
afterEach(() => web.stop());

async function admin() {
  const { id } = await school.person();
  await web.giveRole(id, 'administrator');
  return web.browser().signIn(id);
}

describe('/notifications', () => {
  it('lists what was sent to whom, with state and the platform’s own error, and takes no changes', async () => {
    const visitor = await admin();
    const person = await school.person();
    school.platform.answer(TEMPLATE_SEND, { errcode: 47003, errmsg: 'argument invalid! data.thing2.value invalid' });
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    const { body } = await visitor.json('GET', '/notifications?state=dead');
    expect(body.rows).toMatchObject([
      {
        kind: 'assigned',
        state: 'dead',
        text: '新客户：王小雨',
        person: { id: person.id, name: person.name },
        lastError: expect.stringContaining('data.thing2'),
        tries: [{ channel: 'wechat', field: 'thing2' }],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(person.openid);
    const page = await visitor.open(`/notifications/${body.rows[0].id}`);
    expect(page.text).toContain('微信模板消息：被拒（47003 argument invalid! data.thing2.value invalid）');
    for (const [method, path] of [
      ['POST', '/notifications'],
      ['PATCH', `/notifications/${body.rows[0].id}`],
      ['DELETE', `/notifications/${body.rows[0].id}`],
    ] as const)
      expect((await visitor.json(method, path, {})).status).toBeGreaterThanOrEqual(404);
  });

  it('sends a dead one anew', async () => {
    const visitor = await admin();
    const person = await school.person({ openid: null });
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    const { id } = await school.notice();
    const answer = await visitor.json('POST', '/notifications/actions/resend', { ids: [id] });
    expect(answer).toMatchObject({ status: 200, body: { count: 1 } });
    expect(kicks).toBe(1);
    expect((await school.notice()).state).toBe('queued');
  });

  it('shows a consultant nobody’s but their own, and lets them send nothing', async () => {
    const [one, other] = [await school.person({ openid: null }), await school.person()];
    await web.giveRole(one.id, 'head');
    await school.tell(assigned(one.id, 'a'), assigned(other.id, 'b'));
    await school.outbox().settle();
    const visitor = await web.browser().signIn(one.id);
    const { body } = await visitor.json('GET', '/notifications');
    expect(body.rows.map((row: { person: { id: number } }) => row.person.id)).not.toContain(other.id);
    const ids = (await school.notices()).map(({ id }) => id);
    expect((await visitor.json('POST', '/notifications/actions/resend', { ids })).status).toBe(403);
  });
});

describe('/settings/templates', () => {
  const mappingOf = (kind: string): Promise<NoticeTemplate | null> =>
    school.prisma.noticeTemplate.findFirst({ where: { kind } });

  it('syncs with the account and shows each kind as it will look', async () => {
    const visitor = await admin();
    expect(await visitor.json('POST', '/settings/templates/sync', {})).toMatchObject({ body: { count: 15 } });
    const { body } = await visitor.json('GET', '/settings/templates');
    expect(body.kinds).toHaveLength(14);
    expect(body.kinds.every(({ problem }: { problem: string | null }) => problem === null)).toBe(true);
    expect(body.kinds[0]).toMatchObject({
      kind: 'assigned',
      templateTitle: '客户分配提醒',
      fields: [
        { name: 'thing1', label: '客户', shown: '王小雨' },
        { name: 'thing2', shown: 'Python全栈' },
        { name: 'thing3', shown: '百度推广' },
        { name: 'time4', rule: '时间，如 15:01 或 2026-11-21 15:01', shown: '2026-11-21 14:30' },
        { name: 'thing5', shown: '三天内首次联系' },
      ],
    });
    expect((await visitor.open('/settings/templates')).text).toContain('公众号里有 15 个模板');
    expect((await visitor.open('/settings/templates/assigned')).text).toContain('三天内首次联系');
  });

  it('before the account was asked calls no template usable or lost, and offers nothing but to sync', async () => {
    const visitor = await admin();
    const list = (await visitor.open('/settings/templates')).text;
    expect(list).toContain('还没有从公众号同步过模板');
    expect(list).toContain('同步后看内容');
    expect(list).not.toMatch(/可用|找不到了/);
    const one = (await visitor.open('/settings/templates/assigned')).text;
    expect(one).toContain('已经设好的模板');
    expect(one).toContain('同步以后才能看内容、换模板');
    expect(one).not.toContain('用这个模板<');
  });

  it('gives a kind another template, its fields guessed, and shows it before', async () => {
    const visitor = await admin();
    await visitor.json('POST', '/settings/templates/sync', {});
    expect(
      (await visitor.open('/settings/templates/claimed?templateId=Xa3droppedLpZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cA')).text,
    ).toContain('客户回到公海通知');
    const saved = await visitor.json('POST', '/settings/templates', {
      kind: 'homeworkGraded',
      templateId: 'Xa4claimedRvT0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2B',
    });
    expect(saved.status).toBe(200);
    expect(await mappingOf('homeworkGraded')).toMatchObject({
      templateId: 'Xa4claimedRvT0cLpZ8sWn4dHf6uJe3bGx9oQm7Yk2B',
    });
  });

  it('refuses what a field does not take, naming the field', async () => {
    const visitor = await admin();
    await visitor.json('POST', '/settings/templates/sync', {});
    const before = await mappingOf('homeworkGraded');
    const mapping = { kind: 'homeworkGraded', templateId: 'other', fields: { thing1: 'cohort', phrase2: 'score' } };
    const refused = await visitor.json('POST', '/settings/templates', mapping);
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_fields', fields: { phrase2: '状态 要5 个汉字以内，「B+」放不下' } } },
    });
    expect(await mappingOf('homeworkGraded')).toEqual(before);
    const shown = await visitor.form('/settings/templates/homeworkGraded', {
      templateId: 'other',
      'field.thing1': 'cohort',
      'field.phrase2': 'score',
    });
    expect(shown.status).toBe(422);
    expect(shown.text).toContain('「B+」放不下');
  });

  it('takes a text that is always the same for a field, and sends it', async () => {
    const visitor = await admin();
    await visitor.json('POST', '/settings/templates/sync', {});
    const done = await visitor.form('/settings/templates/assigned', {
      templateId: 'other',
      'field.thing1': 'customer',
      'text.thing1': '',
      'field.phrase2': 'source',
      'text.phrase2': '待联系',
    });
    expect(done).toMatchObject({ status: 303, location: '/settings/templates/assigned' });
    expect(await mappingOf('assigned')).toMatchObject({ fields: { thing1: 'customer', phrase2: '=待联系' } });
    await school.tell(assigned((await school.person()).id));
    await school.outbox().settle();
    expect(school.sent(TEMPLATE_SEND)).toMatchObject([
      { data: { thing1: { value: '王小雨' }, phrase2: { value: '待联系' } } },
    ]);
  });

  it('takes a template away, and the kind goes other ways', async () => {
    const visitor = await admin();
    await visitor.json('POST', '/settings/templates/sync', {});
    await visitor.form('/settings/templates/dropped', { templateId: '' });
    expect(await mappingOf('dropped')).toBeNull();
    await school.tell(pooled((await school.person()).id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'unreachable' });
  });

  it('says what the platform said where it gives no templates', async () => {
    const visitor = await admin();
    school.platform.answer(TEMPLATES, { errcode: 48001, errmsg: 'api unauthorized' });
    expect(await visitor.json('POST', '/settings/templates/sync', {})).toMatchObject({
      status: 409,
      body: { error: { message: '公众号没有给出模板：48001 api unauthorized' } },
    });
  });

  it('gives a mapping that came without fields (WECHAT_TEMPLATES) its fields at the first notice', async () => {
    await school.prisma.$executeRaw`UPDATE "NoticeTemplate" SET fields = NULL WHERE kind = 'assigned'`;
    await school.tell(assigned((await school.person()).id));
    await school.outbox().settle();
    expect((await school.notice()).state).toBe('sent');
    expect(await mappingOf('assigned')).toMatchObject({ fields: { thing1: 'customer', time4: 'at' } });
  });

  it('is for who may change settings', async () => {
    const visitor = await web.browser().signIn((await school.person()).id);
    expect((await visitor.json('GET', '/settings/templates')).status).toBe(403);
    expect((await visitor.json('POST', '/settings/templates/sync', {})).status).toBe(403);
  });
});

describe('/settings/notices', () => {
  it('keeps one’s own channels and quiet hours', async () => {
    const person = await school.person();
    const visitor = await web.browser().signIn(person.id);
    expect((await visitor.open('/settings/notices')).text).toContain('我的通知');
    const form = { channel1: 'email', channel2: 'wechat', quiet: 'own', from: '22', until: '7' };
    expect((await visitor.form('/settings/notices', form)).status).toBe(303);
    const prefs = { channels: ['email', 'wechat'], quiet: { on: true, from: 22, until: 7 } };
    expect(await visitor.json('GET', '/settings/notices')).toMatchObject({ body: { row: prefs } });
    expect(await visitor.json('POST', '/settings/notices', { channels: ['fax'] })).toMatchObject({ status: 422 });
    await visitor.form('/settings/notices', { ...form, quiet: 'school', channel2: '' });
    expect(await visitor.json('GET', '/settings/notices')).toMatchObject({ body: { row: { channels: ['email'] } } });
  });
});

describe('clearSentNotices', () => {
  it('clears what went out more than 90 days ago, and nothing that nobody got', async () => {
    const person = await school.person();
    const gone = await school.person({ openid: null });
    await school.tell(assigned(person.id, 'old'), assigned(gone.id, 'unreachable'));
    await school.outbox().settle();
    school.clock.moveTo('2027-03-01T12:00:00+08:00');
    await school.tell(assigned(person.id, 'new'));
    await school.outbox().settle();
    const run = () =>
      school.inTransaction(systemActor, 'job', (scope) =>
        clearSentNotices.run(scope, { dueAt: scope.now, limit: 1000 }),
      );
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);
    expect((await school.notices()).map(({ once }) => once)).toEqual(['unreachable', 'new']);
  });
});
