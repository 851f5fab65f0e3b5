import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const KEY = 'A'.repeat(43);
const REAL = {
  WECHAT_APP_ID: 'wxba5fad812f8e6fb9',
  WECHAT_APP_SECRET: 'secret',
  WECHAT_TOKEN: 'AAAAA',
  WECHAT_AES_KEY: KEY,
  BASE_URL: 'https://school.example',
};
const REHEARSAL = { ...REAL, BASE_URL: undefined, WECHAT_API_BASE: 'http://127.0.0.1:9999' };
const SECRET = 'p0Xv2mJ8qLw5tRb7nYc3kHs9dFg6aZe1uIo4xTy0';

/** The variables an environment is refused for, one for each line; [] where it starts. */
function refusedFor(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => line.slice(0, line.indexOf(':')));
  }
}

describe('starts that cannot be right', () => {
  it.each<[string, Record<string, string | undefined>, string[]]>([
    ['an EncodingAESKey with -', { ...REAL, WECHAT_AES_KEY: `${'A'.repeat(42)}-` }, ['WECHAT_AES_KEY']],
    ['the gh_ name for the AppID', { ...REAL, WECHAT_APP_ID: 'gh_7f083739789a' }, ['WECHAT_APP_ID']],
    ['a token with a blank', { ...REAL, WECHAT_TOKEN: 'AAA AA' }, ['WECHAT_TOKEN']],
    ['a secret with a line break', { ...REAL, WECHAT_APP_SECRET: 'secret\n' }, ['WECHAT_APP_SECRET']],
    ['production with a demo school', { ...REAL, NODE_ENV: 'production', SESSION_SECRET: SECRET, DEMO: '1' }, ['DEMO']],
    ['a real account with a demo school', { ...REAL, DEMO: '1' }, ['DEMO']],
    ['a real account without an address', { ...REAL, BASE_URL: undefined }, ['BASE_URL']],
    ['without https', { ...REAL, BASE_URL: 'http://school.example' }, ['BASE_URL']],
    ['with a port', { ...REAL, BASE_URL: 'https://school.example:8443' }, ['BASE_URL']],
    ['at localhost', { ...REAL, BASE_URL: 'https://localhost' }, ['BASE_URL']],
    ['at a private address', { ...REAL, BASE_URL: 'https://192.168.1.8' }, ['BASE_URL']],
    ['at a private address of IPv6', { ...REAL, BASE_URL: 'https://[fd00::1]' }, ['BASE_URL']],
    ['at a name of the house', { ...REAL, BASE_URL: 'https://xiaoxin' }, ['BASE_URL']],
    ['a secret without an account', { WECHAT_APP_SECRET: 'secret' }, ['WECHAT_APP_SECRET']],
    [
      'half an account the other way round',
      { WECHAT_TOKEN: 'AAAAA', WECHAT_MODE: 'safe', WECHAT_TEMPLATES: '{"assigned":"x"}' },
      ['WECHAT_TOKEN', 'WECHAT_MODE', 'WECHAT_TEMPLATES'],
    ],
    ['half an account', { WECHAT_APP_ID: 'wx1', BASE_URL: REAL.BASE_URL }, ['WECHAT_APP_SECRET', 'WECHAT_TOKEN']],
    ['the safe mode without a key', { ...REAL, WECHAT_AES_KEY: undefined, WECHAT_MODE: 'safe' }, ['WECHAT_AES_KEY']],
    ['a rehearsal in production', { ...REHEARSAL, NODE_ENV: 'production', SESSION_SECRET: SECRET }, ['BASE_URL']],
    [
      'several at once',
      { ...REAL, PORT: 'eighty', BASE_URL: 'https://localhost', DEMO: '1' },
      ['PORT', 'DEMO', 'BASE_URL'],
    ],
  ])('%s: one line naming the variable', (_, env, names) => {
    expect(refusedFor(env)).toEqual(names);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['nothing: the sandbox', {}],
    ['bases alone: they only say where', { WECHAT_API_BASE: 'http://127.0.0.1:1', WECHAT_MP_BASE: 'https://a.cn' }],
    ['a real account', REAL],
    ['a real account in production', { ...REAL, NODE_ENV: 'production', SESSION_SECRET: SECRET }],
    ['a public number', { ...REAL, BASE_URL: 'https://8.8.8.8' }],
    ['port 443, which is none', { ...REAL, BASE_URL: 'https://school.example:443' }],
    ['empty variables, as in a .env file', { WECHAT_TOKEN: '', WECHAT_AES_KEY: '' }],
  ])('%s: starts', (_, env) => expect(refusedFor(env)).toEqual([]));
});

describe('the demo school', () => {
  it.each<[string, Record<string, string | undefined>, boolean]>([
    ['in the sandbox by default', {}, true],
    ['not where it is switched off', { DEMO: '0' }, false],
    ['not beside a real account', REAL, false],
    ['beside an account that is rehearsed on this machine', REHEARSAL, true],
    ['there as well where it is asked for', { ...REHEARSAL, DEMO: '1' }, true],
    ['not in production', { ...REAL, NODE_ENV: 'production', SESSION_SECRET: SECRET }, false],
  ])('%s', (_, env, demo) => expect(readConfig(env).demo).toBe(demo));
});

describe('WECHAT_TEMPLATES', () => {
  it('with a kind nobody knows warns and keeps the others', () => {
    const config = readConfig({ ...REAL, WECHAT_TEMPLATES: '{"assigned":"T1","hologram":"T2"}' });
    expect(config.wechatTemplates).toEqual({ assigned: 'T1' });
    expect(config.warnings).toEqual([expect.stringMatching(/^WECHAT_TEMPLATES: .*hologram/)]);
  });

  it('with every kind of the contract warns of none', () => {
    const kinds = [
      ...['assigned', 'aboutToDrop', 'dropped', 'claimed', 'duplicate', 'bookingMade', 'bookingCancelled'],
      ...['bookingSoon', 'lessonToday', 'homeworkGraded', 'enrolmentSubmitted', 'enrolmentApproved'],
      ...['enrolmentRejected', 'questionAnswered', 'task', 'report', 'brief', 'survey', 'account'],
    ];
    const given = Object.fromEntries(kinds.map((kind) => [kind, `id of ${kind}`]));
    expect(readConfig({ ...REAL, WECHAT_TEMPLATES: JSON.stringify(given) }).warnings).toEqual([]);
  });

  it('that is no JSON is a fault', () => {
    expect(refusedFor({ ...REAL, WECHAT_TEMPLATES: 'assigned=T1' })).toEqual(['WECHAT_TEMPLATES']);
  });
});
