import { describe, expect, it } from 'vitest';
import { isGuessable } from '../../src/kernel/is-guessable.ts';
import { demandGoodPassword } from '../../src/people/good-password.ts';
import { usePeople } from './people-school.ts';

describe('a new password', () => {
  const demand = (password: string) => () => demandGoodPassword(password, { username: 'consultant1' });

  it.each([
    '1234567890',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'abcdefghijkl',
    '0987654321',
    'qwertyuiop',
    'Password123',
    'password123!',
    'woaini1314520',
    '5201314520',
    'consultant1',
    'Consultant1!!',
    'consultant1123',
  ])('%s is refused', (password) => {
    expect(demand(password)).toThrow(/密码/);
  });

  it.each(['xiaoxin-demo', 'hao-tian-qi-8', '春天来了我们去看花吧', 'kx7mq2vbn4pz', 'consultant1-likes-tea'])(
    '%s is taken',
    (password) => {
      expect(demand(password)).not.toThrow();
    },
  );
});

describe('a secret in production', () => {
  it.each([
    'changeme-changeme-changeme',
    'change-me-please-1234',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    '0000000000000000',
    '0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz',
    'abc123abc123abc123abc123',
    'your-secret-here-please',
    'super-secret-session-key',
    'xiaoxin-session-secret',
  ])('%s can be guessed', (secret) => {
    expect(isGuessable(secret)).toBe(true);
  });

  it.each([
    'Jf8sKq2mZx0vBn7TgLw4Yc1R',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'vT3+q9Zk1mB7xWc5nR2yLd8fHs4gJp6u0aEoQiXzV1A=',
    'the same for all nodes of a test',
  ])('%s cannot', (secret) => {
    expect(isGuessable(secret)).toBe(false);
  });
});

describe('whoever sets a password', () => {
  const school = usePeople();

  it('is told at the field what is wrong with it, and nothing is changed', async () => {
    const admin = await school.person({ roles: ['administrator'] });
    const visitor = school.visitor();
    await visitor.signIn(admin.username);
    const added = await visitor.json('POST', '/staff', { name: '王强', username: 'wangqiang', password: 'wangqiang1' });
    expect(added).toMatchObject({ status: 422, body: { error: { fields: { password: expect.any(String) } } } });
    const changed = await visitor.json('POST', '/me/password', { current: 'xiaoxin-demo', password: '1234567890' });
    expect(changed).toMatchObject({ status: 422, body: { error: { fields: { password: expect.any(String) } } } });
    expect(await school.prisma().person.count({ where: { username: 'wangqiang' } })).toBe(0);
  });
});
