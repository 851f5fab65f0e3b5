import { describe, expect, it } from 'vitest';
import { aboutToDrop } from '../../src/before-it-drops/notices.ts';
import { importDone, importSubject } from '../../src/customer-import/notices.ts';
import { digest as night } from '../../src/notify/notices.ts';
import { assigned, CUSTOM_SEND, pooled, TEMPLATE_SEND, TEMPLATES, useNotify } from './notify-school.ts';

const school = useNotify();

/** Sends one notice to a platform that answers so. */
async function sendTo(...answers: Parameters<typeof school.platform.answer>[1][]) {
  const person = await school.person();
  school.platform.answer(TEMPLATE_SEND, ...answers);
  await school.tell(assigned(person.id));
  await school.outbox().settle();
  return person;
}
const errors = (errcode: number, errmsg = 'refused') => ({ errcode, errmsg });
const minutesLater = (n: number) => new Date(school.clock.now().getTime() + n * 60_000);

describe('a template message', () => {
  it('carries the notice in the template’s own fields, with a link for its addressee and a key', async () => {
    const person = await sendTo({ errcode: 0, errmsg: 'ok', msgid: 1 });
    const [body] = school.sent(TEMPLATE_SEND);
    expect(body).toMatchObject({
      touser: person.openid,
      template_id: 'Xa1assignedQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bGx9o',
      client_msg_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      url: expect.stringMatching(/^https:\/\/school\.test\/l\/[\w-]{36}$/),
      data: {
        thing1: { value: '王小雨' },
        thing2: { value: 'Python全栈' },
        thing3: { value: '百度推广' },
        time4: { value: '2026-11-21 12:00' },
        thing5: { value: '三天内首次联系' },
      },
    });
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'wechat', platformId: '1', lastError: null });
  });

  it('whose msgid has 64 bits keeps every digit', async () => {
    const person = await school.person();
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect((await school.notice()).platformId).toBe('3487542469355000001');
  });
});

describe('the platform answering', () => {
  it('-1: is asked again under the same key, and the notice goes out', async () => {
    await sendTo(errors(-1, 'system error'), { errcode: 0, errmsg: 'ok', msgid: 1 });
    expect(await school.notice()).toMatchObject({ state: 'sent' });
    const [first, second] = school.sent(TEMPLATE_SEND);
    expect(second?.client_msg_id).toBe(first?.client_msg_id);
  });

  it('-1 for longer: the notice waits a few seconds with the platform’s words', async () => {
    await sendTo(errors(-1, 'system error'));
    expect(await school.notice()).toMatchObject({
      state: 'queued',
      dueAt: minutesLater(8 / 60),
      attempts: 1,
      lastError: '微信：-1 system error',
    });
  });

  it('500, then an answer: one message under one key', async () => {
    await sendTo((res) => {
      res.writeHead(500).end();
    });
    expect(await school.notice()).toMatchObject({ state: 'queued', lastError: '微信：lost HTTP 500' });
    school.platform.answer(TEMPLATE_SEND, { errcode: 0, errmsg: 'ok', msgid: 5 });
    school.clock.moveTo(minutesLater(1));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', platformId: '5' });
    expect(new Set(school.sent(TEMPLATE_SEND).map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
  });

  it('nothing: waits and tries again', async () => {
    school.beImpatient();
    await sendTo(() => {});
    expect(await school.notice()).toMatchObject({ state: 'queued', lastError: '微信：lost no answer in time' });
  });

  it('nothing after it accepted: the repetition is recognised by its key', async () => {
    const accepted = new Map<string, number>();
    let calls = 0;
    await sendTo((res, request) => {
      const { client_msg_id } = JSON.parse(request.body.toString());
      if (!accepted.has(client_msg_id)) accepted.set(client_msg_id, 700 + accepted.size);
      calls += 1;
      // The client's own repeats are lost as well: only the outbox's next attempt hears.
      if (calls <= 4) return res.destroy();
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ errcode: 0, errmsg: 'ok', msgid: accepted.get(client_msg_id) }));
    });
    expect(await school.notice()).toMatchObject({ state: 'queued' });
    school.clock.moveTo(minutesLater(1));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', platformId: '700' });
    expect(accepted.size).toBe(1);
  });

  it('40001 once: fetches a new token and sends', async () => {
    school.platform.answer(
      '/cgi-bin/stable_token',
      { access_token: 'T1', expires_in: 7200 },
      { access_token: 'T2', expires_in: 7200 },
    );
    await sendTo(errors(40001, 'invalid credential'), { errcode: 0, errmsg: 'ok', msgid: 1 });
    expect(await school.notice()).toMatchObject({ state: 'sent' });
    expect(school.platform.to(TEMPLATE_SEND).map(({ query }) => query.access_token)).toEqual(['T1', 'T2']);
  });

  it('40001 for every token: leaves the platform alone, first for a minute', async () => {
    const { id } = await sendTo(errors(40001, 'invalid credential'));
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(1) });
    const before = school.platform.asked.length;
    await school.tell(assigned(id, 'assigned:2'));
    await school.outbox().settle();
    expect(school.platform.asked.length).toBe(before);
  });

  it.each([40013, 40125, 40164, 61004, 89503, 89506, 89507, 40243, 50007, 99999])(
    '%i concerns the account: everything waits 1, 5, 15, 15 minutes, nothing is lost, and all go out in the end',
    async (code) => {
      const { id } = await sendTo(errors(code, 'not now'));
      await school.tell(assigned(id, 'assigned:2'), assigned(id, 'assigned:3'));
      for (const minutes of [1, 5, 15, 15]) {
        await school.outbox().settle();
        const rows = await school.notices();
        expect(rows.map(({ state }) => state)).toEqual(['queued', 'queued', 'queued']);
        expect(rows[0]).toMatchObject({ dueAt: minutesLater(minutes), lastError: expect.stringMatching(/微信：/) });
        school.clock.moveTo(minutesLater(minutes));
      }
      school.platform.answer(TEMPLATE_SEND, { errcode: 0, errmsg: 'ok', msgid: 1 });
      await school.outbox().settle();
      expect((await school.notices()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    },
  );

  it('89503 on the token call: no notice dies of it, and one that went out makes the next pause short again', async () => {
    const person = await school.person();
    const token = '/cgi-bin/stable_token';
    school.platform.answer(token, errors(89503, 'confirm by administrator'));
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(1) });
    school.platform.answer(token, { access_token: 'T1', expires_in: 7200 });
    school.clock.moveTo(minutesLater(1));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'sent' });

    school.platform.answer(TEMPLATE_SEND, errors(50007, 'frozen'));
    await school.tell(assigned(person.id, 'assigned:2'));
    await school.outbox().settle();
    expect((await school.notices())[1]).toMatchObject({ state: 'queued', dueAt: minutesLater(1) });
  });

  it.each([40002, 41002, 41004, 47001, 12345])('%i on the token call concerns the account too', async (code) => {
    const person = await school.person();
    school.platform.answer('/cgi-bin/stable_token', errors(code));
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(1) });
  });

  it('a code nobody knows for one old notice stops it more and more seldom, so that it does not stop the others', async () => {
    await sendTo(errors(99999, 'what is this'));
    school.clock.moveTo(minutesLater(240));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(60) });
  });

  it('45009: all notices wait for midnight in China and none is sent before', async () => {
    const { id } = await sendTo(errors(45009, 'reach max api daily quota limit'));
    await school.tell(assigned(id, 'assigned:2'));
    await school.outbox().settle();
    const midnight = new Date('2026-11-22T00:00:00+08:00');
    expect((await school.notices()).map(({ state, dueAt }) => [state, dueAt])).toEqual([
      ['queued', midnight],
      ['queued', midnight],
    ]);
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);

    school.platform.answer(TEMPLATE_SEND, { errcode: 0, errmsg: 'ok', msgid: 2 });
    school.clock.moveTo('2026-11-22T00:00:01+08:00');
    await school.outbox().settle();
    expect((await school.notices()).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });

  it('45011: waits for the next minute', async () => {
    school.clock.moveTo('2026-11-21T12:00:20+08:00');
    await sendTo(errors(45011, 'api minute-quota reach limit'));
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: new Date('2026-11-21T12:01:00+08:00') });
  });

  it.each([43004, 50005])('%i: the person counts as gone and the next notice is not even tried', async (code) => {
    const { id, openid } = await sendTo(errors(code, 'require subscribe'));
    expect(await school.notice()).toMatchObject({ state: 'unreachable', lastError: `微信：${code} require subscribe` });
    expect(await school.prisma.follower.findUnique({ where: { openid: openid ?? '' } })).toMatchObject({
      following: false,
    });
    await school.tell(assigned(id, 'assigned:2'));
    await school.outbox().settle();
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);
    expect((await school.notices())[1]).toMatchObject({ state: 'unreachable', lastError: '微信：没有关注公众号' });
  });

  it.each([43101, 48002, 43019])('%i: the person has switched notices off', async (code) => {
    const { openid } = await sendTo(errors(code, 'user refuse to accept the msg'));
    expect((await school.notice()).state).toBe('unreachable');
    expect(await school.prisma.follower.findUnique({ where: { openid: openid ?? '' } })).toMatchObject({
      following: true,
      optedOut: true,
    });
  });

  it('40003: the binding is marked', async () => {
    const person = await school.person();
    const openid = person.openid ?? '';
    await school.prisma.binding.create({ data: { personId: person.id, openid, boundAt: school.clock.now() } });
    school.platform.answer(TEMPLATE_SEND, errors(40003, 'invalid openid'));
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect((await school.notice()).state).toBe('unreachable');
    expect(await school.prisma.binding.findFirst({ where: { openid } })).toMatchObject({ reason: 'invalidOpenid' });
  });

  it('47003: dead with the field, and the templates are fetched anew', async () => {
    await sendTo(errors(47003, 'argument invalid! data.thing2.value invalid rid: 65a-1b-2c'));
    const notice = await school.notice();
    expect(notice).toMatchObject({
      state: 'dead',
      lastError: expect.stringContaining('47003 argument invalid! data.thing2'),
    });
    expect(notice.tries).toMatchObject([{ channel: 'wechat', way: 'template', field: 'thing2' }]);
    expect(school.platform.to(TEMPLATES)).toHaveLength(1);
  });

  it.each([40037, 40036, 41030, 40033, 47001])('%i: dead at once', async (code) => {
    await sendTo(errors(code));
    expect(await school.notice()).toMatchObject({ state: 'dead', attempts: 1 });
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);
  });

  it.each([43116, 40249])('%i: that template is left alone, others are not', async (code) => {
    const { id } = await sendTo(errors(code, 'template abused'));
    await school.tell(assigned(id, 'assigned:2'), { ...pooled(id), about: undefined } as never);
    await school.outbox().settle();
    const notices = await school.notices();
    expect(notices.map(({ state }) => state)).toEqual(['dead', 'dead', 'dead']);
    expect(notices[1]?.lastError).toContain('被平台停用');
    expect(school.sent(TEMPLATE_SEND).map(({ template_id }) => String(template_id).slice(0, 11))).toEqual([
      'Xa1assigned',
      'Xa3droppedL',
    ]);
  });

  it('43117: this person is left alone for hours', async () => {
    await sendTo(errors(43117, 'too often'));
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(240) });
  });

  it('48001: the call is left alone for an hour', async () => {
    await sendTo(errors(48001, 'api unauthorized'));
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: minutesLater(60) });
  });
});

describe('a template that does not go out, while the person’s window is open', () => {
  const saidInWords = async () => {
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'wechat' });
    expect(school.sent(CUSTOM_SEND)).toMatchObject([{ text: { content: expect.stringContaining('王小雨') } }]);
  };
  const openPerson = async () => {
    const person = await school.person();
    await school.says(person.openid);
    return person;
  };

  it.each([47003, 40037, 40036, 43116, 40249, 45009, 45011, 48001, 48004, 50002, 41030, 43101])(
    '%i: is said in words',
    async (code) => {
      const person = await openPerson();
      school.platform.answer(TEMPLATE_SEND, errors(code, 'refused'));
      await school.tell(assigned(person.id));
      await school.outbox().settle();
      await saidInWords();
    },
  );

  it('because it was stopped before, or its quota is used up, is said in words without another try', async () => {
    for (const code of [43116, 45009]) {
      await sendTo(errors(code));
      await school.prisma.notification.deleteMany();
      const person = await openPerson();
      await school.tell(assigned(person.id, `assigned:${code}`));
      await school.outbox().settle();
      await saidInWords();
      await school.prisma.notification.deleteMany();
      school.platform.asked.length = 0;
      school.clock.moveTo(minutesLater(24 * 60));
    }
  });

  it('a field that does not hold its value is no reason to be silent either', async () => {
    await school.prisma
      .$executeRaw`UPDATE "NoticeTemplate" SET fields = '{"phone_number1":"customer"}' WHERE kind = 'assigned'`;
    const person = await openPerson();
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    await saidInWords();
  });

  it('but an account in trouble lets nothing out, so the notice waits', async () => {
    const person = await openPerson();
    school.platform.answer(TEMPLATE_SEND, errors(40164, 'not in whitelist'));
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'queued' });
    expect(school.sent(CUSTOM_SEND)).toHaveLength(0);
  });
});

describe('a customer-service message', () => {
  const drops = { count: 2, lines: ['1 王小雨 · 三天未跟进', '2 <a href="x">李明</a>'], until: '明早 2 点' };
  const digest = (to: number) => aboutToDrop.to(to, drops, { once: 'drop:1' });

  it('says a long digest in full while the window is open', async () => {
    const person = await school.person();
    await school.says(person.openid);
    await school.tell(digest(person.id));
    await school.outbox().settle();
    const [body] = school.sent(CUSTOM_SEND) as unknown as { touser: string; text: { content: string } }[];
    expect(body?.text.content).toContain('1 王小雨 · 三天未跟进');
    expect(body?.text.content).toContain('＜a href="x">李明');
    expect(body?.text.content).toMatch(/<a href="https:\/\/school\.test\/l\/[\w-]+">看名单<\/a>$/);
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(0);
  });

  it('is a template with the count where the window is closed', async () => {
    const person = await school.person();
    await school.says(person.openid, new Date('2026-11-19T11:00:00+08:00'));
    await school.tell(digest(person.id));
    await school.outbox().settle();
    expect(school.sent(CUSTOM_SEND)).toHaveLength(0);
    expect(school.sent(TEMPLATE_SEND)).toMatchObject([
      { data: { number1: { value: '2' }, thing2: { value: '明早 2 点' }, thing3: { value: '回复「快掉了」看名单' } } },
    ]);
  });

  it.each([45015, 45047])('refused with %i, becomes a template, and the window counts as used', async (code) => {
    const person = await school.person();
    await school.says(person.openid);
    school.platform.answer(CUSTOM_SEND, errors(code, 'out of limit'));
    await school.tell(digest(person.id), { ...digest(person.id), once: 'drop:2' });
    await school.outbox().settle();
    expect((await school.notices()).map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(2);
    expect(await school.prisma.follower.findFirst()).toMatchObject({ messageUsed: 5 });
  });

  it('whose answer was lost is repeated once, not more', async () => {
    const person = await school.person();
    await school.says(person.openid);
    school.beImpatient();
    school.platform.answer(CUSTOM_SEND, () => {});
    await school.tell(night.to(person.id, { count: 1, lines: [] }, { once: 'night:1' }));
    for (let n = 0; n < 5; n += 1) {
      await school.outbox().settle();
      school.clock.moveTo(minutesLater(5));
    }
    expect(school.sent(CUSTOM_SEND)).toHaveLength(2);
    expect(await school.notice()).toMatchObject({ state: 'dead', lastError: '微信：lost no answer in time' });
  });

  it('is the way for kinds without a template, and who wrote to us never is unreachable by them', async () => {
    const [open, closed] = [await school.person(), await school.person()];
    await school.says(open.openid);
    const data = { count: 2, lines: ['公海新进 3 位', '李明 已由李娜接手'] };
    await school.tell(night.to(open.id, data, { once: 'night:1' }), night.to(closed.id, data, { once: 'night:2' }));
    await school.outbox().settle();
    expect((await school.notices()).map(({ state }) => state)).toEqual(['sent', 'unreachable']);
  });

  it('closed: the end of an import comes by the template of new customers, as whoever imports writes to us seldom', async () => {
    const person = await school.person();
    const data = { fileName: '客户.xlsx', saved: 120, duplicates: 3, failed: 5 };
    await school.tell(importDone.to(person.id, data, { once: 'import:1', about: importSubject.of(1) }));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'wechat' });
    const [sent] = school.sent(TEMPLATE_SEND);
    expect(JSON.stringify(sent)).toContain('120 位新客户');
    expect(JSON.stringify(sent)).toContain('重复 3 · 没通过 5');
  });
});
