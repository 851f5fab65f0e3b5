import { beforeEach, describe, expect, it } from 'vitest';
import { noticeCatalogue as catalogue } from '../../src/notice-catalogue.ts';
import { syncTemplates } from '../../src/notify/index.ts';
import { assigned, CUSTOM_SEND, TEMPLATE_SEND, TEMPLATES, useNotify } from './notify-school.ts';

const school = useNotify();
const ID = 'Xa1assignedQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bGx9o';
const CONTENT = '客户:{{thing1.DATA}}\n课程:{{thing2.DATA}}\n时间:{{time4.DATA}}\n';
const listed = (content = CONTENT) => ({ template_list: [{ template_id: ID, title: '分配', content, example: '' }] });
const minutesLater = (n: number) => new Date(school.clock.now().getTime() + n * 60_000);

beforeEach(async () => {
  // As WECHAT_TEMPLATES gives it: an id and no fields.
  await school.prisma.$executeRaw`UPDATE "NoticeTemplate" SET fields = NULL WHERE kind = 'assigned'`;
});

async function twelveAlerts() {
  const people = await Promise.all(Array.from({ length: 12 }, () => school.person()));
  await school.tell(...people.map(({ id }, n) => assigned(id, `assigned:${n}`)));
  return people;
}
const states = async () => (await school.notices()).map(({ state }) => state);

describe('the first alerts of an installation', () => {
  it('twelve at once all go out: they wait for the one sync', async () => {
    school.platform.answer(TEMPLATES, listed());
    await twelveAlerts();
    await school.outbox().settle();
    expect(await states()).toEqual(Array(12).fill('sent'));
    expect(school.platform.to(TEMPLATES)).toHaveLength(1);
  });

  it('on two nodes all go out too: the one that finds the sync under way tries again in seconds', async () => {
    school.platform.answer(TEMPLATES, (res) => {
      setTimeout(() => {
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify(listed()));
      }, 150);
    });
    await twelveAlerts();
    await Promise.all([school.outbox(undefined, 'one').settle(), school.outbox(undefined, 'two').settle()]);
    school.clock.moveTo(minutesLater(0.1));
    await school.outbox().settle();
    expect(await states()).toEqual(Array(12).fill('sent'));
  });

  it('while the list answers -1 they wait, and go out soon after it answers', async () => {
    school.platform.answer(TEMPLATES, { errcode: -1, errmsg: 'system error' });
    await twelveAlerts();
    await school.outbox().settle();
    expect(await states()).toEqual(Array(12).fill('queued'));
    expect((await school.notices())[0]).toMatchObject({ lastError: '微信：-1 system error' });

    school.platform.answer(TEMPLATES, listed());
    school.clock.moveTo(minutesLater(0.5));
    await school.outbox().settle();
    expect(await states()).toEqual(Array(12).fill('sent'));
  });

  it('with the person’s window open go out in words where the list does not answer', async () => {
    school.platform.answer(TEMPLATES, { errcode: -1, errmsg: 'system error' });
    const person = await school.person();
    await school.says(person.openid);
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await states()).toEqual(['sent']);
    expect(school.sent(CUSTOM_SEND)).toHaveLength(1);
  });

  it('whose template the account does not have say so', async () => {
    const person = await school.person();
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'dead', lastError: '微信：模板的字段还没有对应' });
  });
});

describe('a list of templates that is no clean JSON', () => {
  const fieldsOf = async () => (await school.prisma.noticeTemplate.findFirst({ where: { kind: 'assigned' } }))?.fields;

  it('with nulls in it loses only what has no id', async () => {
    school.platform.answer(TEMPLATES, {
      template_list: [
        null,
        { template_id: null },
        { template_id: 'b', title: null, content: null, example: null },
        ...listed().template_list,
      ],
    });
    expect(await syncTemplates({ prisma: school.prisma, api: school.api, catalogue, now: school.clock.now() })).toBe(2);
    expect(await fieldsOf()).toEqual({ thing1: 'customer', thing2: 'course', time4: 'at' });
  });

  it('with a byte order mark and raw line breaks inside texts is read all the same', async () => {
    const raw = `\uFEFF${JSON.stringify(listed()).replaceAll('\\n', '\n')}`;
    school.platform.answer(TEMPLATES, raw);
    await syncTemplates({ prisma: school.prisma, api: school.api, catalogue, now: school.clock.now() });
    expect(await fieldsOf()).toEqual({ thing1: 'customer', thing2: 'course', time4: 'at' });
  });

  it('a guess whose field cannot hold its value (a phone number for a name) is not kept', async () => {
    school.platform.answer(TEMPLATES, listed('客户:{{phone_number1.DATA}}\n时间:{{time4.DATA}}\n'));
    await syncTemplates({ prisma: school.prisma, api: school.api, catalogue, now: school.clock.now() });
    expect(await fieldsOf()).toBeNull();
  });
});

describe('an answer to a send that is no clean JSON', () => {
  it.each([
    ['a control character', '{"errcode":0,"errmsg":"o\u0007k\n","msgid":7}', '7'],
    ['a byte order mark', '\uFEFF{"errcode":0,"errmsg":"ok","msgid":7}', '7'],
    ['no msgid', '{"errcode":0,"errmsg":"ok"}', null],
    ['null for msgid', '{"errcode":0,"errmsg":"ok","msgid":null}', null],
  ])('%s: the notice counts as sent, once', async (_, raw, platformId) => {
    await school.prisma
      .$executeRaw`UPDATE "NoticeTemplate" SET fields = '{"thing1":"customer"}' WHERE kind = 'assigned'`;
    school.platform.answer(TEMPLATE_SEND, raw);
    const person = await school.person();
    await school.tell(assigned(person.id));
    await school.outbox().settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', platformId });
    expect(school.sent(TEMPLATE_SEND)).toHaveLength(1);
  });
});

describe('a call that never answers', () => {
  it('keeps no other notice waiting, and its own comes again within 20 seconds', async () => {
    await school.prisma
      .$executeRaw`UPDATE "NoticeTemplate" SET fields = '{"thing1":"customer"}' WHERE kind = 'assigned'`;
    const [slow, quick] = [await school.person(), await school.person()];
    school.platform.answer(TEMPLATE_SEND, (res, { body }) => {
      if (body.toString().includes(slow.openid ?? '')) return;
      res.setHeader('content-type', 'application/json');
      res.end('{"errcode":0,"errmsg":"ok","msgid":7}');
    });
    await school.tell(assigned(slow.id, 'slow'));
    const outbox = school.outbox();
    const all = outbox.settle();
    await school.tell(assigned(quick.id, 'quick'));
    outbox.kick();
    await expect.poll(async () => (await school.notices()).map(({ state }) => state)).toEqual(['sending', 'sent']);
    await all;
    const [waiting] = await school.notices();
    // Five seconds until it is given up, at most two calls, and then this.
    expect(waiting).toMatchObject({ state: 'queued' });
    expect((waiting?.dueAt.getTime() ?? 0) - school.clock.now().getTime()).toBeLessThanOrEqual(10_000);
  });
});
