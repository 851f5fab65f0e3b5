import { describe, expect, it } from 'vitest';
import { AddStaff, EditStaff, Password, SignIn, safeNext, Username } from '../../src/people/schema.ts';

describe('safeNext', () => {
  it.each(['/customers', '/customers?q=王&page=2', '/l/abc_-.~', '/customers/12#notes'])(
    'when it is %s, goes there',
    (next) => {
      expect(safeNext(next)).toBe(next);
    },
  );

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'customers',
    '/a\nSet-Cookie: x',
    '',
    undefined,
  ])('when it is %j, goes to the first page', (next) => {
    expect(safeNext(next)).toBe('/');
  });
});

describe('Username', () => {
  it('when written in capitals with blanks around, is read as its small letters', () => {
    expect(Username.parse(' LiNa.2 ')).toBe('lina.2');
  });

  it.each(['a', '-lina', '李娜', 'li na', 'x'.repeat(33)])('when it is %s, is refused', (name) => {
    expect(Username.safeParse(name).success).toBe(false);
  });
});

describe('Password', () => {
  it('when shorter than ten signs, is refused in Chinese', () => {
    expect(Password.safeParse('123456789').error?.issues[0]?.message).toBe('密码至少 10 位');
    expect(Password.parse('1234567890')).toBe('1234567890');
  });
});

describe('SignIn', () => {
  it.each([
    [true, true],
    ['on', true],
    ['1', true],
    ['true', true],
    [undefined, false],
    [false, false],
    ['', false],
  ])('when 一周内免登录 comes as %j, is %j', (remember, expected) => {
    expect(SignIn.parse({ username: 'lina', password: 'x', remember }).remember).toBe(expected);
  });
});

describe('AddStaff and EditStaff', () => {
  it('when only what is needed is given, the rest is empty', () => {
    expect(AddStaff.parse({ name: '李娜', username: 'lina' })).toMatchObject({
      email: null,
      phone: null,
      departmentId: null,
      onLeaveUntil: null,
      roleIds: [],
    });
  });

  it('when one field is changed, the others are left out, not emptied', () => {
    expect(EditStaff.parse({ name: '李娜' })).toEqual({ name: '李娜' });
  });

  it('when a field is emptied, it is cleared', () => {
    expect(EditStaff.parse({ email: '', onLeaveUntil: null })).toEqual({ email: null, onLeaveUntil: null });
  });

  it('when a phone is written with blanks and dashes, keeps its digits', () => {
    expect(EditStaff.parse({ phone: '138 0013-8000' })).toEqual({ phone: '13800138000' });
  });
});
