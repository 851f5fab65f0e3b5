import { describe, expect, it } from 'vitest';
import { ERROR_TABLE, type Next, nextFor, nextForToken, retryAt, wechatError } from '../../src/wechat/errors.ts';

/** The rows of wechat-platform.md §4 and §8, code by code, kept apart from the table they check. */
const EXPECTED: readonly [Next['do'], readonly number[]][] = [
  ['retry', [-1]],
  ['refreshToken', [40001, 40014, 42001]],
  ['alarm', [40013, 40125, 40164, 61004, 89503, 89506, 89507, 40243, 50007, 48006]],
  ['dropInvalidOpenid', [40003]],
  ['dropNotFollower', [43004, 50005]],
  ['optedOut', [43101, 48002, 43019]],
  ['stopTemplate', [43116, 40249]],
  ['delayHours', [43117]],
  ['badTemplate', [40037, 40036, 47003]],
  ['resendWithUrlOnly', [41030]],
  ['pauseUntilMidnight', [45009]],
  ['waitMinute', [45011]],
  ['windowClosed', [45015, 45047]],
  ['fixContent', [45002, 45008, 44004]],
  ['reupload', [40007]],
  ['bug', [40033, 47001, 41001, 41002, 41003, 41004, 41005, 41006, 41007, 41008, 41009]],
  ['disableFeature', [48001, 48004, 50002, 40200]],
  ['restartOauth', [40029, 40163, 42003, 42007]],
  ['ignore', [45080, 45081]],
];
const ROWS = EXPECTED.flatMap(([action, codes]) => codes.map((code) => [code, action] as const));

describe('nextFor', () => {
  it.each(ROWS)('%i means %s', (code, action) => expect(nextFor(code).do).toBe(action));

  it('every code of the table is one of these, once', () => {
    const declared = ERROR_TABLE.flatMap(({ codes }) => codes);
    expect([...declared].sort()).toEqual(ROWS.map(([code]) => code).sort());
  });

  it.each([99999, 89501, 40132, 1])('%i, which nobody knows, may concern everybody and is an alarm', (code) => {
    expect(nextFor(code)).toEqual({ do: 'alarm', why: 'unknownCode' });
  });

  it('on the token call everything but busy and quotas concerns the account', () => {
    for (const [code] of ROWS) {
      const expected = { [-1]: 'retry', 45009: 'pauseUntilMidnight', 45011: 'waitMinute' }[code] ?? 'alarm';
      expect([code, nextForToken(code).do]).toEqual([code, expected]);
    }
    expect(nextForToken(99999)).toEqual({ do: 'alarm', why: 'account' });
  });

  it('47003, names the field at fault', () => {
    expect(nextFor(47003, 'argument invalid! data.phrase10.value invalid rid: 1-2-3')).toEqual({
      do: 'badTemplate',
      field: 'phrase10',
    });
    expect(nextFor(47003, 'argument invalid!')).toEqual({ do: 'badTemplate' });
  });
});

describe('wechatError', () => {
  it('an errmsg with a rid and an openid, keeps the rid and hides the openid', () => {
    const error = wechatError(
      '/p',
      40003,
      'invalid openid: [oia2TjuEGTNoeX76QEjQNrcURxG8] rid: 65f1a2b3-1234abcd-12345678',
    );
    expect(error).toMatchObject({
      rid: '65f1a2b3-1234abcd-12345678',
      errmsg: 'invalid openid: […] rid: 65f1a2b3-1234abcd-12345678',
    });
    expect(error.message).not.toContain('oia2');
  });
});

describe('retryAt', () => {
  const now = new Date('2026-11-21T15:59:30.500Z'); // 23:59:30 in China
  it.each<[Next, string | undefined]>([
    [{ do: 'retry' }, '2026-11-21T16:00:30.500Z'],
    [{ do: 'waitMinute' }, '2026-11-21T16:00:00.000Z'],
    [{ do: 'delayHours', hours: 4 }, '2026-11-21T19:59:30.500Z'],
    [{ do: 'pauseUntilMidnight' }, '2026-11-21T16:00:00.000Z'],
    [{ do: 'bug' }, undefined],
    [{ do: 'windowClosed' }, undefined],
  ])('%o, gives %s', (next, at) => expect(retryAt(next, now)?.toISOString()).toBe(at));

  it('exactly midnight in China, waits for the next', () => {
    expect(retryAt({ do: 'pauseUntilMidnight' }, new Date('2026-11-21T16:00:00Z'))?.toISOString()).toBe(
      '2026-11-22T16:00:00.000Z',
    );
  });

  it('a spread, comes on top', () => {
    expect(retryAt({ do: 'waitMinute' }, now, 5000)?.toISOString()).toBe('2026-11-21T16:00:05.000Z');
  });
});
