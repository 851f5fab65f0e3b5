import { getSignature } from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy, jsSdkSignature, signatureOf } from '../../src/wechat/signature.ts';

const ENCRYPTED = 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==';

describe('signatureOf', () => {
  it('three parts, gives the platform’s vector', () => {
    expect(signatureOf('AAAAA', '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696');
  });

  it('four parts, gives the platform’s vector', () => {
    expect(signatureOf('AAAAA', '1713424427', '415670741', ENCRYPTED)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1');
  });

  it('any order of the parts, gives the same', () => {
    expect(signatureOf('1514711492', 'AAAAA', '1714036504')).toBe(signatureOf('AAAAA', '1714036504', '1514711492'));
  });

  it('numbers as text, sorts 10 before 9', () => {
    expect(signatureOf('9', '10', 'a')).toBe(signatureOf('a', '10', '9'));
    expect(signatureOf('9', '10')).not.toBe(signatureOf('91', '0'));
  });

  it('ASCII parts, agrees with @wecom/crypto', () => {
    expect(signatureOf('tok', '1', 'n', 'Zz+/=')).toBe(getSignature('tok', '1', 'n', 'Zz+/='));
  });

  it('parts beyond the basic plane, sorts them by bytes and not by UTF-16 units', () => {
    expect(signatureOf('\u{1F600}', '\uFF5E')).toBe(signatureOf('\uFF5E\u{1F600}'));
  });
});

describe('isSignedBy', () => {
  const parts = ['AAAAA', '1714036504', '1514711492'];
  const good = 'f464b24fc39322e44b38aa78f5edd27bd1441696';

  it('the right signature, accepts', () => expect(isSignedBy(good, ...parts)).toBe(true));

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['repeated', [good, good]],
    ['longer', `${good}0`],
    ['uppercase', good.toUpperCase()],
    ['of other parts', signatureOf('AAAAB', '1714036504', '1514711492')],
    ['not ASCII', 'é'.repeat(40)],
  ])('%s, refuses', (_what, given) => expect(isSignedBy(given, ...parts)).toBe(false));
});

describe('jsSdkSignature', () => {
  const page = { ticket: 'T1', nonce: 'n1', timestamp: 1700000000, url: 'https://a.cn/p?x=1' };

  it('the documented page, gives the documented signature', () => {
    expect(jsSdkSignature(page)).toBe('d785c340f6a01027f8fce289c6173742d5c4cce2');
  });

  it('an address with a fragment, signs what stands before it', () => {
    expect(jsSdkSignature({ ...page, url: `${page.url}#/tab#2` })).toBe(jsSdkSignature(page));
  });
});
