import { describe, expect, it } from 'vitest';
import { type Next, nextFor, retryAt, wechatError } from '../../src/wechat/errors.ts';

describe('nextFor', () => {
  it.each<[Next['do'], number[]]>([
    ['retry', [-1]],
    ['refreshToken', [40001, 40014, 42001]],
    ['alarm', [40013, 40125, 40164, 61004, 48006]],
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
    ['bug', [40033, 47001, 41001, 41002, 41006, 40246, 99999]],
    ['disableFeature', [48001, 48004, 50002, 40200]],
    ['restartOauth', [40029, 40163, 42003, 42007]],
    ['ignore', [45080, 45081]],
  ])('%s, stands for %o', (action, codes) => {
    for (const code of codes) expect(nextFor(code).do).toBe(action);
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
