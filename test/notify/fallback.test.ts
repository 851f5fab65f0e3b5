import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { noticeCatalogue as catalogue } from '../../src/notice-catalogue.ts';
import { createEmailChannel, createSmsChannel } from '../../src/notify/index.ts';
import { assigned, pooled, startGateway, TEMPLATE_SEND, useNotify } from './notify-school.ts';

const school = useNotify();
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Mail = { to: string[]; source: string };

/** A real mail server; `refuse` answers a recipient with that code. */
async function startMail(refuse: (address: string) => number | null = () => null) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _, done) => {
      const responseCode = refuse(address);
      done(responseCode ? Object.assign(new Error('no such mailbox'), { responseCode }) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const channel = createEmailChannel({
    smtpUrl,
    from: '校信 <xiaoxin@school.test>',
    linkFor: school.links.linkFor,
    catalogue,
  });
  closing.push(
    () => channel.close(),
    () => new Promise<void>((resolve) => server.close(resolve)),
  );
  return { mails, channel };
}

async function startSms(...statuses: number[]) {
  const gateway = await startGateway(...statuses);
  closing.push(gateway.stop);
  const channel = createSmsChannel({
    smsUrl: gateway.url,
    linkFor: school.links.linkFor,
    catalogue,
    clock: school.clock,
  });
  return { asked: gateway.asked, channel };
}

function bodyOf({ source }: Mail): string {
  return Buffer.from(source.slice(source.indexOf('\r\n\r\n')), 'base64').toString();
}

describe('who cannot be reached by WeChat', () => {
  it('gets a mail with what happened and the link', async () => {
    const { mails, channel } = await startMail();
    const person = await school.person({ openid: null, email: 'lina@school.test', phone: '13800138000' });
    const sms = await startSms(200);
    await school.tell(assigned(person.id));
    await school.outbox([school.wechat(), channel, sms.channel]).settle();

    expect(mails).toHaveLength(1);
    const [mail] = mails as [Mail];
    expect(mail.to).toEqual(['lina@school.test']);
    expect(bodyOf(mail)).toContain('新客户：王小雨');
    expect(bodyOf(mail)).toMatch(/看客户：https:\/\/school\.test\/l\/[\w-]{36}/);
    expect(sms.asked).toHaveLength(0);
    const notice = await school.notice();
    expect(notice).toMatchObject({ state: 'sent', channel: 'email' });
    expect(notice.tries).toMatchObject([
      { channel: 'wechat', is: 'unavailable', error: '没有绑定微信' },
      { channel: 'email', is: 'sent' },
    ]);
  });

  it('and whose mailbox is refused gets a text message under the notice’s key', async () => {
    const { mails, channel } = await startMail(() => 550);
    const { asked, channel: sms } = await startSms(200);
    const person = await school.person({ openid: null, email: 'gone@school.test', phone: '13800138000' });
    await school.tell(pooled(person.id));
    await school.outbox([school.wechat(), channel, sms]).settle();
    expect(mails).toHaveLength(0);
    expect(asked).toEqual([
      {
        to: '13800138000',
        text: expect.stringMatching(/^【校信】公海新进 5 位 https:\/\/school\.test\/l\//),
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'sms' });
  });

  it('because they just left (43004) gets the mail at the same attempt', async () => {
    const { mails, channel } = await startMail();
    school.platform.answer(TEMPLATE_SEND, { errcode: 43004, errmsg: 'require subscribe' });
    const person = await school.person({ email: 'lina@school.test' });
    await school.tell(assigned(person.id));
    await school.outbox([school.wechat(), channel]).settle();
    expect(mails).toHaveLength(1);
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'email', attempts: 1 });
  });

  it('while the quota is used up gets the mail instead of waiting for midnight', async () => {
    const { mails, channel } = await startMail();
    school.platform.answer(TEMPLATE_SEND, { errcode: 45009, errmsg: 'reach max api daily quota limit' });
    const person = await school.person({ email: 'lina@school.test' });
    await school.tell(assigned(person.id));
    await school.outbox([school.wechat(), channel]).settle();
    expect(mails).toHaveLength(1);
  });
});

describe('mail', () => {
  it('that the server will not take just now is tried again with the same Message-ID', async () => {
    let isBusy = true;
    const { mails, channel } = await startMail(() => (isBusy ? 450 : null));
    const person = await school.person({ openid: null, email: 'lina@school.test' });
    await school.tell(assigned(person.id));
    const outbox = school.outbox([channel]);
    await outbox.settle();
    const waiting = await school.notice();
    expect(waiting).toMatchObject({ state: 'queued', lastError: expect.stringContaining('450') });
    isBusy = false;
    school.clock.moveTo(waiting.dueAt);
    await outbox.settle();
    expect(mails[0]?.source).toMatch(/^Message-ID: <[0-9a-f]{32}@school\.test>/im);
  });

  it('without a server waits', async () => {
    const channel = createEmailChannel({
      smtpUrl: 'smtp://127.0.0.1:9',
      from: 'xiaoxin@school.test',
      linkFor: school.links.linkFor,
      catalogue,
    });
    closing.push(() => channel.close());
    const person = await school.person({ openid: null, email: 'lina@school.test' });
    await school.tell(assigned(person.id));
    await school.outbox([channel]).settle();
    expect(await school.notice()).toMatchObject({
      state: 'queued',
      lastError: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a text-message gateway', () => {
  const sendOver = async (...statuses: number[]) => {
    const { asked, channel } = await startSms(...statuses);
    const person = await school.person({ openid: null, phone: '13800138000' });
    await school.tell(assigned(person.id));
    const outbox = school.outbox([channel]);
    await outbox.settle();
    return { asked, outbox };
  };

  it('answering 500 is asked again with the same id', async () => {
    const { asked, outbox } = await sendOver(500, 200);
    school.clock.moveTo((await school.notice()).dueAt);
    await outbox.settle();
    expect(await school.notice()).toMatchObject({ state: 'sent', channel: 'sms' });
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  });

  it('answering 429 is left alone for as long as it says', async () => {
    await sendOver(429);
    expect(await school.notice()).toMatchObject({ state: 'queued', dueAt: new Date('2026-11-21T12:02:00+08:00') });
  });

  it('answering 400 makes the notice dead, with its words and without the number', async () => {
    await sendOver(400);
    expect(await school.notice()).toMatchObject({ state: 'dead', lastError: '短信：HTTP 400 no' });
  });
});
