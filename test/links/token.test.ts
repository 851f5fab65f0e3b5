import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Link, linkKey, readLink as read, signLink as sign } from '../../src/links/token.ts';

const ENTITIES: Readonly<Record<string, number>> = { customer: 1, lesson: 5, rescue: 8 };
const signLink = (by: Buffer, signed: Link) => sign(by, signed, ENTITIES[signed.about.entity] ?? 0);
const readLink = (by: Buffer, token: string) =>
  read(by, token, (number) => Object.keys(ENTITIES).find((entity) => ENTITIES[entity] === number));

const key = linkKey('a secret of the tests');
const link: Link = { to: 12, about: { entity: 'customer', id: 345 }, expiresAt: new Date('2026-12-05T04:00:00Z') };

describe('a link’s token', () => {
  it('says who may open what until when', () => {
    expect(readLink(key, signLink(key, link))).toEqual(link);
    const rescue: Link = { ...link, about: { entity: 'rescue' } };
    expect(readLink(key, signLink(key, rescue))).toEqual(rescue);
  });

  it('is 36 characters that need no escaping in an address', () => {
    expect(signLink(key, link)).toMatch(/^[\w-]{36}$/);
    expect(signLink(key, { ...link, to: 2_147_483_647, about: { entity: 'lesson', id: 2_147_483_647 } })).toHaveLength(
      36,
    );
  });

  it('with any character changed, is none of ours', () => {
    const token = signLink(key, link);
    const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
    fc.assert(
      fc.property(fc.nat(35), character, (at, other) => {
        fc.pre(token[at] !== other);
        expect(readLink(key, token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
      }),
    );
  });

  it('signed with another secret, or no token at all, is none of ours', () => {
    expect(readLink(key, signLink(linkKey('another secret'), link))).toBeNull();
    for (const text of ['', 'x', 'x'.repeat(36), `${signLink(key, link)}=`, '../../etc/passwd'])
      expect(readLink(key, text)).toBeNull();
  });
});
