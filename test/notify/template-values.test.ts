import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchoolTime } from '../../src/kernel/school-time.ts';
import { readFields } from '../../src/notify/map-templates.ts';
import { fitValue, isFieldValue } from '../../src/notify/template-values.ts';
// The sandbox's platform has its own reading of the rules: what we fit it must take.
import { isTemplateValue } from '../../src/sandbox/template-values.ts';
import { contentOf } from '../../src/sandbox/templates.ts';
import {
  guessFields,
  isTemplateKind,
  SAMPLES,
  sampleValues,
  sandboxTemplate,
  TEMPLATE_KINDS,
  viewOf,
} from './kinds.ts';

const DAY = '2026-11-21';
const TYPES = [
  'thing1',
  'character_string2',
  'time3',
  'date4',
  'number5',
  'letter6',
  'symbol7',
  'amount8',
  'phone_number9',
  'car_number10',
  'name11',
  'phrase12',
  'const13',
  'keyword1',
];

describe('a notice that borrows a template', () => {
  it('gives the day to the field for the day: WeChat takes nothing else in one of that type', () => {
    const at = { createdAt: new Date('2026-11-21T06:30:00Z'), time: createSchoolTime('Asia/Shanghai') };
    const data = { cohort: 'Python全栈(9期)', lesson: '第 5 节', day: '今天', names: ['科比', '王五'] };
    const values = viewOf('checkInDiffers', data, at)?.values ?? {};
    expect(fitValue('date4', values.day ?? '', DAY)).toEqual({ ok: true, value: DAY });
    expect(values.note).toBe('2 人签到和点名不一致');
  });
});

describe('fitValue', () => {
  it.each([
    ['thing1', '一二三四五六七八九十一二三四五六七八九十一', '一二三四五六七八九十一二三四五六七八九…'],
    ['thing1', '', '无'],
    ['thing1', '王小雨😀\n二楼 👨‍👩‍👧', '王小雨 二楼'],
    ['thing1', 'A#1*2', 'A#1*2'],
    ['time4', '11-21 14:30', '2026-11-21 14:30'],
    ['time4', '01-05 09:00', '2027-01-05 09:00'],
    ['time4', '10:00–12:00', '10:00~12:00'],
    ['time4', '明天 11-22 周日 10:00–12:00', '2026-11-22 10:00~12:00'],
    ['time4', '今晚 02:00', '2026-11-22 02:00'],
    ['time4', '明早 2 点', '2026-11-22 2:00'],
    ['time4', '明早 2 点半', '2026-11-22 2:30'],
    ['time4', '2026年11月21日 15:01', '2026-11-21 15:01'],
    ['date4', '今天', '2026-11-21'],
    ['date4', '周五 11-27', '2026-11-27'],
    ['number1', '共 12 位', '12'],
    ['phrase1', '360推广', '推广'],
    ['phrase1', '已经全部预定成功', '已经全部预'],
    ['name1', '欧阳娜娜和她的十个同学', '欧阳娜娜和她的十个…'],
    ['character_string1', 'Ｎo．１２', 'No.12'],
    ['amount1', '¥1,280.50 元', '¥1280.50'],
    ['phone_number1', '电话 138 0013 8000', '138 0013 8000'],
    ['keyword1', '任何文字', '任何文字'],
  ])('%s, given %j, is %j', (field, value, fitted) => {
    expect(fitValue(field, value, DAY)).toEqual({ ok: true, value: fitted });
  });

  it.each([
    ['time4', '下周再说'],
    ['number1', '很多'],
    ['phrase1', 'ABC 123'],
    ['letter1', '王小雨'],
    ['date4', '改天'],
  ])('%s, given %j, says that it does not fit', (field, value) => {
    expect(fitValue(field, value, DAY)).toMatchObject({ ok: false, why: expect.stringContaining('放不下') });
  });

  it('whatever people write, gives the platform only what it takes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '10:00–12:00',
        '¥0001234567890123.4',
        '9'.repeat(40),
        '13-45 99:99',
        '2026-99-99',
        '1.',
        '王'.repeat(30),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), text, (field, value) => {
        const fitted = fitValue(field, value, DAY);
        if (!fitted.ok) return;
        expect(isFieldValue(field, fitted.value)).toBe(true);
        if (fitted.value !== '') expect(isTemplateValue(field, fitted.value)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('guessFields', () => {
  it.each(TEMPLATE_KINDS)('for the sandbox template of %s, finds the values by their labels', (kind) => {
    const { fields } = sandboxTemplate(kind);
    const expected = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    expect(guessFields(kind, readFields(contentOf(fields)))).toEqual(expected);
  });

  it('for a template that was never meant for the kind, maps every field to a value there is', () => {
    const fields = readFields('温馨:{{thing9.DATA}}\n何时:{{time2.DATA}}\n编号:{{character_string7.DATA}}');
    const mapped = guessFields('claimed', fields);
    expect(Object.keys(mapped)).toEqual(['thing9', 'time2', 'character_string7']);
    for (const value of Object.values(mapped)) expect(sampleValues('claimed')).toHaveProperty(value);
  });
});

describe('viewOf', () => {
  const at = { createdAt: new Date('2026-11-21T06:30:00Z'), time: createSchoolTime('Asia/Shanghai') };

  it.each(TEMPLATE_KINDS)('%s has a value for every field of its template, and each fits', (kind) => {
    const view = viewOf(kind, SAMPLES[kind], at);
    for (const field of sandboxTemplate(kind).fields) {
      expect(fitValue(field.name, view?.values[field.value] ?? '', DAY)).toMatchObject({ ok: true });
    }
  });

  it('a kind without a template of its own borrows the nearest one', () => {
    const view = viewOf('pooled', { count: 5, customer: '王小雨' }, at);
    expect(view).toMatchObject({
      kind: 'dropped',
      values: { customer: '王小雨等 5 位', reason: '新进公海', count: '5' },
    });
    expect(viewOf('pooled', { count: 5 }, at)?.values.customer).toBe('5 位客户');
    expect(isTemplateKind('pooled')).toBe(false);
  });

  it('a kind nothing stands in for has only words', () => {
    expect(viewOf('digest', { count: 2, lines: ['a', 'b'] }, at)).toBeNull();
  });
});
