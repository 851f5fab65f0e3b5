import { expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createClock } from '../../src/kernel/clock.ts';
import { pretendNow } from '../../src/sandbox/index.ts';
import { useDatabase } from '../setup/database.ts';

const database = useDatabase();
const LEAP_DAY = new Date('2028-02-29T01:59:00+08:00');

it('a pretended now begins the clock of a new database; a start later goes on from where it has come to', async () => {
  const { prisma } = database();
  const first = createClock();
  await pretendNow(prisma, first, LEAP_DAY);
  const passedMs = first.now().getTime() - LEAP_DAY.getTime();
  expect(passedMs).toBeGreaterThanOrEqual(0);
  expect(passedMs).toBeLessThan(60_000);

  first.moveTo(new Date('2028-03-01T09:00:00+08:00'));
  const key = 'sandbox.clockOffset';
  await prisma.setting.update({ where: { key }, data: { value: first.offsetMs() } });
  const second = createClock();
  await pretendNow(prisma, second, LEAP_DAY);
  expect(Math.abs(second.now().getTime() - first.now().getTime())).toBeLessThan(60_000);
});

it('never with NODE_ENV=production, and only as a time with its offset', () => {
  const production = {
    ...{ NODE_ENV: 'production', SESSION_SECRET: '8f3kQ2mZx7Lr5Tn9Vb4Yc6Wd', TEST_NOW: LEAP_DAY.toISOString() },
    ...{ WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: 'x', WECHAT_TOKEN: 'x' },
  };
  expect(() => readConfig(production)).toThrow('TEST_NOW: never with NODE_ENV=production');
  expect(() => readConfig({ TEST_NOW: '2028-02-29T01:59' })).toThrow(/^TEST_NOW: expected a time with offset/m);
  expect(readConfig({}).pretendedNow).toBeNull();
});
