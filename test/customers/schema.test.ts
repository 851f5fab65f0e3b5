import { describe, expect, it } from 'vitest';
import { EditCustomer, EnterCustomer } from '../../src/customers/schema.ts';
import { explainProblems } from '../../src/kernel/explain-problems.ts';

function problemsOf(input: Record<string, unknown>): Record<string, string> {
  const { error } = EnterCustomer.safeParse({ name: '王小雨', qq: '12345678', ...input });
  return error ? explainProblems(error) : {};
}

describe('EnterCustomer', () => {
  it.each([
    ['+86 138-0013-8000', '13800138000'],
    ['8613800138000', '13800138000'],
    ['１３８ ００１３ ８０００', '13800138000'],
    ['(010) 8888-6666', '010-88886666'],
    ['0571 88886666', '0571-88886666'],
    ['400-800-8888', '4008008888'],
    [13800138000, '13800138000'],
  ])('reads the phone %s as %s', (phone, digits) => {
    expect(EnterCustomer.parse({ name: '王小雨', phone }).phone).toBe(digits);
  });

  it.each(['12800138000', '138001380', '1380013800a', '010'])('refuses the phone %s', (phone) => {
    expect(problemsOf({ phone })).toHaveProperty('phone');
  });

  it('puts what stands beside the number into the memo and says so; an eight-digit number is asked for its area code', () => {
    const entered = EnterCustomer.parse({ name: '王小雨', phone: '13800138000/13900139000（张三）', memo: '周末联系' });
    expect(entered).toMatchObject({
      phone: '13800138000',
      memo: '周末联系\n另一个电话 13900139000\n张三',
      aside: ['另一个电话 13900139000', '张三'],
    });
    expect(problemsOf({ phone: '66554433' })).toEqual({ phone: '座机要带上区号，比如 010-66554433' });
  });

  it.each([
    ['1234', false],
    ['12345', true],
    ['123456789012', true],
    ['1234567890123', false],
    ['01234567', false],
    ['12 345 678', true],
    [12345678, true],
  ])('takes the QQ %s: %s', (qq, fits) => {
    expect(problemsOf({ qq })).toEqual(fits ? {} : { qq: 'QQ 是 5 到 12 位数字' });
  });

  it('reads WeChat ids without capitals, which WeChat does not tell apart', () => {
    expect(EnterCustomer.parse({ name: '王小雨', wechat: ' Amber_Wang ' }).wechat).toBe('amber_wang');
    expect(problemsOf({ wechat: '王小雨' })).toHaveProperty('wechat');
  });

  it('takes choices by id and by label, capitals and blanks aside', () => {
    const parse = (input: Record<string, unknown>) => EnterCustomer.parse({ name: '王小雨', qq: 12345678, ...input });
    expect(parse({ source: '百度推广' }).source).toBe('baidu');
    expect(parse({ source: 'baidu' }).source).toBe('baidu');
    expect(parse({ source: 'seo' }).source).toBe('seo');
    expect(parse({ source: 'QQ群' }).source).toBe('qqGroup');
    expect(parse({ gender: '女', education: '大专', experience: '五年以上' })).toMatchObject({
      gender: 'female',
      education: 'juniorCollege',
      experience: 'overFiveYears',
    });
  });

  it('given only a name and a contact, fills in the defaults', () => {
    expect(
      EnterCustomer.parse({ name: ' 王  小雨 ', qq: '12345678', phone: '', gender: '', source: '' }),
    ).toMatchObject({
      name: '王小雨',
      source: 'qqGroup',
      workStatus: 'employed',
      courseIds: [],
    });
  });

  it('without a name or any contact, says what is missing', () => {
    expect(explainProblems(EnterCustomer.safeParse({ name: '', qq: '' }).error!)).toHaveProperty('name', '请填写姓名');
    expect(explainProblems(EnterCustomer.safeParse({ name: '王小雨' }).error!)).toEqual({
      qq: 'QQ、手机、微信号至少填一个',
    });
  });

  it('refuses a choice that is none, naming some that are, and a name of 51 characters', () => {
    expect(problemsOf({ gender: '未知' }).gender).toContain('男、女');
    expect(problemsOf({ name: '王'.repeat(51) }).name).toBe('姓名最多 50 个字');
  });
});

describe('EditCustomer', () => {
  it('leaves out what is not named and clears what is empty', () => {
    expect(EditCustomer.parse({ phone: '', major: null, education: '高中' })).toEqual({
      phone: null,
      major: null,
      education: 'highSchool',
    });
  });

  it('knows no holder, status or dates', () => {
    expect(EditCustomer.parse({ status: 'enrolled', consultantId: 2, receivedOn: '2026-01-01' })).toEqual({});
  });
});
