import { beforeEach, describe, expect, it } from 'vitest';
import { TEST_NOW } from '../setup/now.ts';
import { useDesk } from './desk.ts';

const desk = useDesk();
beforeEach(() => desk.reset());

const move = (body: object) => desk.post('/sandbox/clock', body);

describe('the sandbox clock', () => {
  it.each([
    ['2027-03-01T17:30:00+08:00', '2027-03-01T17:30'],
    ['2027-03-01T09:30:00Z', '2027-03-01T17:30'],
    ['2027-03-01T17:30', '2027-03-01T17:30'],
    ['2027-03-01 17:30', '2027-03-01T17:30'],
    ['2027-03-01', '2027-03-01T00:00'],
  ])('moved to %s, is %s at the school, and runs the jobs that fell due by then', async (now, expected) => {
    const { json } = await move({ now });
    expect(json.now.slice(0, 16)).toBe(expected);
    expect(json.now).toMatch(/\+08:00$/);
    expect(desk.jobs.map((at) => at.slice(0, 16))).toEqual([expected]);
    expect((await desk.get('/sandbox/clock')).json.now.slice(0, 16)).toBe(expected);
  });

  it('keeps its offset in the settings, for a restart and for other nodes', async () => {
    await move({ byMinutes: 60 });
    const row = await desk.database().prisma.setting.findUniqueOrThrow({ where: { key: 'sandbox.clockOffset' } });
    expect(row.value).toBe(desk.clock.offsetMs());
    const moved = Date.parse(TEST_NOW) + 3_600_000;
    expect(desk.clock.now().getTime()).toBeGreaterThanOrEqual(moved);
    expect(desk.clock.now().getTime() - moved).toBeLessThan(60_000);
  });

  it('gives its time to pushes', async () => {
    await move({ now: '2027-03-01T17:30:00+08:00' });
    await desk.post(`/sandbox/phones/${desk.LI_NA}/say`, { text: '公海' });
    const moved = Date.parse('2027-03-01T17:30:00+08:00') / 1000;
    expect(Number(desk.pushes[0]?.push.createTime) - moved).toBeLessThan(60);
    expect(Number(desk.pushes[0]?.push.createTime)).toBeGreaterThanOrEqual(moved);
  });

  it.each([[{}], [{ now: 'soon' }], [{ now: '2027-13-01' }], [{ now: 5 }], [{ now: '1970-01-01' }]])(
    'asked for %o, says what a time looks like',
    async (body) => {
      const { status, json } = await move(body);
      expect(status).toBe(422);
      expect(json.error.fields.now).toContain('例如');
      expect(desk.jobs).toEqual([]);
    },
  );
});
