import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, writeJson } from '../../src/wechat/json.ts';

describe('parseJson', () => {
  it.each([
    ['a msgid', '{"msgid":3487542469355618313}', { msgid: '3487542469355618313' }],
    ['a negative one', '[-3487542469355618313]', ['-3487542469355618313']],
    ['one alone', '3487542469355618313', '3487542469355618313'],
    ['15 digits', '123456789012345', 123456789012345],
    ['16 digits', '1234567890123456', '1234567890123456'],
    ['a long fraction', '0.12345678901234567', Number('0.12345678901234567')],
    ['a large number with exponent', '12345678901234567e3', Number('12345678901234567e3')],
    ['digits in a string', '{"a":"id: 3487542469355618313, b"}', { a: 'id: 3487542469355618313, b' }],
    ['digits in a name', '{"3487542469355618313":1}', { '3487542469355618313': 1 }],
    ['digits after an escaped quote', '{"a":"x\\":3487542469355618313,\\"y"}', { a: 'x":3487542469355618313,"y' }],
    [
      'a string that ends in a backslash',
      '{"a":"\\\\","b":3487542469355618313}',
      { a: '\\', b: '3487542469355618313' },
    ],
    ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['raw control characters', '{"a":"x\n\u0007\ty"}', { a: 'x\n\u0007\ty' }],
    ['an escaped backslash before a quote', '["\\\\\\"1234567890123456\\\\",1]', ['\\"1234567890123456\\', 1]],
  ])('%s, is read right', (_what, text, value) => expect(parseJson(text)).toEqual(value));

  it.each(['', '<html>', '{"a":01234567890123456789x}', '{"a":"', '"\\'])('%j, is refused', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('any JSON without long integers, reads as JSON.parse reads it', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '1234567890123456789', ',', ':', '{', 'n', '你') });
    const value = fc.oneof(text, fc.array(text), fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null))));
    fc.assert(
      fc.property(value, (v) => {
        expect(parseJson(JSON.stringify(v))).toEqual(JSON.parse(JSON.stringify(v)));
      }),
    );
  });

  it('a megabyte in one string, is read', () => {
    const long = '\\"1'.repeat(400_000);
    expect(parseJson(`{"a":"${long}"}`)).toEqual({ a: '"1'.repeat(400_000) });
  });
});

describe('writeJson', () => {
  it('what could only be written as \\uXXXX, for which the platform refuses the whole message, is left out', () => {
    const body = { content: '客户\u0007王\u0000小雨\n第二行\uD83D', list: ['👍'] };
    const written = writeJson(body);
    expect(written).not.toMatch(/\\u/);
    expect(JSON.parse(written)).toEqual({ content: '客户王小雨\n第二行', list: ['👍'] });
  });
});
