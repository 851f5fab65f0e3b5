import { describe, expect, it } from 'vitest';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { orderFor, quietFor, readPrefs } from '../../src/notify/prefs.ts';
import { quietEnd } from '../../src/notify/quiet.ts';

const time = createSchoolTime('Asia/Shanghai');
const night = { from: 21, until: 8 };
const at = (text: string) => new Date(`${text}+08:00`);

describe('quietEnd', () => {
  it.each([
    ['2026-11-21T20:59:59', null],
    ['2026-11-21T21:00:00', '2026-11-22T08:00:00'],
    ['2026-11-21T23:59:59', '2026-11-22T08:00:00'],
    ['2026-12-31T22:00:00', '2027-01-01T08:00:00'],
    ['2026-11-22T02:00:00', '2026-11-22T08:00:00'],
    ['2026-11-22T07:59:59', '2026-11-22T08:00:00'],
    ['2026-11-22T08:00:00', null],
    ['2026-11-22T12:00:00', null],
  ])('at %s by the school is %s', (now, end) => {
    expect(quietEnd(at(now), night, time)).toEqual(end && at(end));
  });

  it('knows hours within one day, and that the same hour twice is none', () => {
    expect(quietEnd(at('2026-11-21T13:00:00'), { from: 12, until: 14 }, time)).toEqual(at('2026-11-21T14:00:00'));
    expect(quietEnd(at('2026-11-21T14:00:00'), { from: 12, until: 14 }, time)).toBeNull();
    expect(quietEnd(at('2026-11-21T12:00:00'), { from: 12, until: 12 }, time)).toBeNull();
  });
});

describe("a person's wishes", () => {
  const school = { on: false, ...night };

  it('follow the school where there are none, or none that can be read', () => {
    for (const json of [null, {}, { channels: ['fax'] }, 'x'])
      expect(orderFor(readPrefs(json), ['wechat', 'email'])).toEqual(['wechat', 'email']);
    expect(quietFor(readPrefs(null), school)).toBeNull();
    expect(quietFor(readPrefs(null), { ...school, on: true })).toEqual(night);
  });

  it('come first, as far as the school has those channels', () => {
    expect(orderFor(readPrefs({ channels: ['sms', 'email'] }), ['wechat', 'email'])).toEqual(['email']);
    expect(orderFor(readPrefs({ channels: ['sms'] }), ['wechat', 'email'])).toEqual(['wechat', 'email']);
    expect(quietFor(readPrefs({ quiet: { on: true, from: 22, until: 7 } }), school)).toEqual({ from: 22, until: 7 });
    expect(quietFor(readPrefs({ quiet: { on: false, from: 22, until: 7 } }), { ...school, on: true })).toBeNull();
  });
});
