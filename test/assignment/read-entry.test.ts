import { describe, expect, it } from 'vitest';
import { readEntry } from '../../src/assignment/read-entry.ts';
import { readPhone } from '../../src/kernel/normal/phone.ts';

const COURSES = [
  { id: 1, name: 'Python全栈' },
  { id: 2, name: 'Linux云' },
];
/** The phone in its normal form, as the form's schema makes it. */
const read = (text: string) => {
  const { phone, ...entry } = readEntry(text.split(/\s+/), COURSES);
  return { ...entry, ...(phone !== undefined && readPhone(phone)) };
};

describe('录入 as people write it', () => {
  it.each([
    ['郑 爽 13912349001 Python 百度推广', { name: '郑爽', phone: '13912349001', courseIds: [1], source: 'baidu' }],
    ['郑　爽 13912349001', { name: '郑爽', phone: '13912349001' }],
    ['John Smith +852 9123 4567', { name: 'John Smith', phone: '+85291234567' }],
    ['阿卜杜拉 • 买买提 66554433', { name: '阿卜杜拉·买买提', qq: '66554433' }],
    ['王五 手机010-12345678转801', { name: '王五', phone: '010-12345678-801' }],
    ['王五 010-12345678 转 801', { name: '王五', phone: '010-12345678-801' }],
    ['王五 电话：138-0013-8000', { name: '王五', phone: '13800138000' }],
    ['王五 13912349005/13912349006', { name: '王五', phone: '13912349005' }],
    ['王五 12345678901', { name: '王五', qq: '12345678901' }],
  ])('%s', (text, entry) => {
    expect(read(text)).toMatchObject(entry);
  });

  it.each(['王小雨 李明 12345678', 'Pythn John 12345678', '王小雨 foo 12345678'])(
    'of %j asks back the word that fits nothing',
    (text) => {
      expect(() => read(text)).toThrow();
    },
  );
});
