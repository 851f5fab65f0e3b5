import { describe, expect, it } from 'vitest';
import { createPasswords, makePassword } from '../../src/people/passwords.ts';

describe('createPasswords', () => {
  const passwords = createPasswords();

  it('when hashed, is argon2id with a salt of its own, and only that password fits', async () => {
    const [first, second] = await Promise.all([passwords.hash('xiaoxin-demo'), passwords.hash('xiaoxin-demo')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(await passwords.matches('xiaoxin-demo', first)).toBe(true);
    expect(await passwords.matches('xiaoxin-dem0', first)).toBe(false);
  });

  it('when nobody has the name, answers no', async () => {
    expect(await passwords.matches('xiaoxin-demo', null)).toBe(false);
  });

  it('when what is stored is no hash, answers no', async () => {
    expect(await passwords.matches('-', '-')).toBe(false);
  });

  it('when many are checked at once, at most two run side by side and all are answered', async () => {
    let [running, most] = [0, 0];
    const stored = await passwords.hash('xiaoxin-demo');
    const check = async () => {
      const fits = await passwords.matches('xiaoxin-demo', stored, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      });
      return fits;
    };
    expect(await Promise.all(Array.from({ length: 8 }, check))).toEqual(Array(8).fill(true));
    expect(most).toBe(2);
  });

  it('when one check is refused, the next still has its turn', async () => {
    const refusing = () => passwords.matches('x', null, () => Promise.reject(new Error('no')));
    await expect(Promise.all([refusing(), refusing(), refusing()])).rejects.toThrow('no');
    expect(await passwords.matches('x', null)).toBe(false);
  });
});

describe('makePassword', () => {
  it('when read out, has twelve signs and no lookalikes', () => {
    for (let n = 0; n < 200; n += 1) expect(makePassword()).toMatch(/^[a-hj-km-np-z2-9]{12}$/);
  });
});
