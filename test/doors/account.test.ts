import { beforeEach, describe, expect, it } from 'vitest';
import { createTransactions } from '../../src/database/in-transaction.ts';
import { createAccountMenu } from '../../src/doors/account-menu.ts';
import { takeAccount } from '../../src/doors/take-account.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createFixedClock } from '../../src/kernel/clock.ts';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { noticeCatalogue } from '../../src/notice-catalogue.ts';
import { readReach } from '../../src/notify/followers.ts';
import { syncTemplates, writeNotices } from '../../src/notify/index.ts';
import { readMappings } from '../../src/notify/mappings.ts';
import { quietLog, useDatabase } from '../setup/database.ts';

const NOW = new Date('2026-11-21T06:00:00Z');
const [SANDBOX, REAL] = ['wxsandbox', 'wxreal'];
const database = useDatabase();
const clock = createFixedClock(NOW);
const start = (appId: string) =>
  createTransactions({
    database: database(),
    clock,
    time: createSchoolTime('Asia/Shanghai'),
    log: quietLog,
    tell: writeNotices,
  }).inTransaction(systemActor, 'system', (scope) => takeAccount(scope, appId));
let people = 0;

beforeEach(async () => {
  await database().prisma.$executeRaw`
    TRUNCATE "Person", "Binding", "Follower", "NoticeTemplate", "WechatTemplate", "Setting" CASCADE`;
});

async function bound(openid: string, appId: string) {
  people += 1;
  const person = await database().prisma.person.create({
    data: { name: '李娜', username: `account${people}`, passwordHash: '-', openid, createdAt: NOW, updatedAt: NOW },
  });
  await database().prisma.binding.create({ data: { personId: person.id, openid, appId, boundAt: NOW } });
  await database().prisma.follower.create({ data: { openid, appId, following: true, changedAt: NOW } });
  return {
    openid: async () => (await database().prisma.person.findUniqueOrThrow({ where: { id: person.id } })).openid,
    bindings: () => database().prisma.binding.findMany({ where: { personId: person.id }, orderBy: { id: 'asc' } }),
    bind: async (other: string, account: string) => {
      await database().prisma.person.update({ where: { id: person.id }, data: { openid: other } });
      await database().prisma.binding.create({
        data: { personId: person.id, openid: other, appId: account, boundAt: NOW },
      });
    },
  };
}

describe('a database that was a sandbox, started with a real account', () => {
  it('has nobody bound: the sandbox’s openids stay as history, and nothing is sent to them', async () => {
    const li = await bound('oXx_li', SANDBOX);
    expect(await start(REAL)).toEqual({ released: 1, restored: 0 });
    expect(await li.openid()).toBeNull();
    expect(await li.bindings()).toMatchObject([{ openid: 'oXx_li', releasedAt: NOW, reason: 'otherAccount' }]);
    const reach = await readReach(database().prisma, { appId: REAL, openid: 'oXx_li' }, NOW);
    expect(reach.following).toBe(false);
    expect(await start(REAL)).toEqual({ released: 0, restored: 0 });
  });

  it('gives people back who they were when the account comes back, but not who was bound or unbound since', async () => {
    const [li, wang, zhao] = [
      await bound('oXx_a', SANDBOX),
      await bound('oXx_b', SANDBOX),
      await bound('oXx_c', SANDBOX),
    ];
    await start(REAL);
    await wang.bind('oReal_b', REAL);
    expect(await start(SANDBOX)).toEqual({ released: 1, restored: 3 });
    expect([await li.openid(), await wang.openid(), await zhao.openid()]).toEqual(['oXx_a', 'oXx_b', 'oXx_c']);

    const last = (await zhao.bindings()).at(-1);
    await database().prisma.person.updateMany({ where: { openid: 'oXx_c' }, data: { openid: null } });
    await database().prisma.binding.update({
      where: { id: last?.id ?? 0 },
      data: { releasedAt: NOW, reason: 'unbound' },
    });
    expect(await start(SANDBOX)).toEqual({ released: 0, restored: 0 });
    expect(await start(REAL)).toEqual({ released: 2, restored: 1 });
    expect(await wang.openid()).toBe('oReal_b');
  });

  it('uses none of the sandbox’s templates, and keeps them', async () => {
    const { prisma } = database();
    await prisma.noticeTemplate.create({ data: { appId: SANDBOX, kind: 'assigned', templateId: 'Xa1' } });
    await prisma.wechatTemplate.create({
      data: { appId: SANDBOX, templateId: 'Xa1', title: '分配', content: '', syncedAt: NOW },
    });
    await start(REAL);
    expect([...(await readMappings(prisma, REAL)).keys()]).toEqual([]);
    const api = { appId: REAL, listTemplates: async () => [] } as never;
    await syncTemplates({ prisma, api, catalogue: noticeCatalogue, now: NOW });
    expect(await prisma.wechatTemplate.count()).toBe(1);
    expect([...(await readMappings(prisma, SANDBOX)).keys()]).toEqual(['assigned']);
  });

  it('from before accounts were told apart, belongs to the account that starts first', async () => {
    const li = await bound('oReal_old', '');
    await database().prisma.noticeTemplate.create({ data: { kind: 'assigned', templateId: 'T1' } });
    expect(await start(REAL)).toEqual({ released: 0, restored: 0 });
    expect(await li.openid()).toBe('oReal_old');
    expect([...(await readMappings(database().prisma, REAL)).keys()]).toEqual(['assigned']);
    expect(await start(SANDBOX)).toEqual({ released: 1, restored: 0 });
  });
});

describe('the account menu', () => {
  const stopping = new AbortController();
  const entries = [
    { group: '客户', name: '公海', key: 'customers.pool' },
    { group: '客户', name: '我的客户', key: 'customers.mine' },
  ];
  /** A start of the service: how often the platform was asked. */
  async function starts(appId: string, refuse = 0, pausesMs: readonly number[] = [1]) {
    let asked = 0;
    const setMenu = async () => {
      asked += 1;
      if (asked <= refuse) throw new Error('-1 system error');
    };
    const { prisma } = database();
    const api = { appId, setMenu } as never;
    const menu = createAccountMenu({
      prisma,
      api,
      clock,
      entries,
      log: quietLog,
      stopping: stopping.signal,
      pausesMs,
    });
    menu.start();
    await menu.settled();
    return asked;
  }

  it('is set once and not at every start, though the database keeps its keys in another order', async () => {
    expect([await starts(REAL), await starts(REAL), await starts(REAL)]).toEqual([1, 0, 0]);
  });

  it('is set anew for another account', async () => {
    expect([await starts(SANDBOX), await starts(REAL), await starts(REAL)]).toEqual([1, 1, 0]);
  });

  it('that could not be set is tried again until it is, and nobody waits for it', async () => {
    expect(await starts(REAL, 3)).toBe(4);
    expect(await starts(REAL)).toBe(0);
  });
});
