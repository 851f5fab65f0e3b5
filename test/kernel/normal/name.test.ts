import { describe, expect, it } from 'vitest';
import { nameField, Qq, sentence, WechatId } from '../../../src/kernel/normal/fields.ts';
import { nameKey, normalName } from '../../../src/kernel/normal/name.ts';
import { severalLines, visible } from '../../../src/kernel/normal/text.ts';

describe('a name as people write it', () => {
  it.each([
    ['郑　爽', '郑爽'],
    ['郑 爽', '郑爽'],
    ['  郑\u00a0爽 ', '郑爽'],
    ['郑\t爽', '郑爽'],
    ['郑\u200b爽', '郑爽'],
    ['\ufeff郑\u202d爽\u202c', '郑爽'],
    ['郑\ufe0f爽\u0007', '郑爽'],
    ['王小\u2060雨\u00ad', '王小雨'],
    ['John  Smith', 'John Smith'],
    ['Ｊｏｈｎ　Ｓｍｉｔｈ', 'John Smith'],
    ['Jo\u200bhn Smith', 'John Smith'],
    ['Python 全栈', 'Python 全栈'],
    ['阿卜杜拉•买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉・买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉‧买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉．买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉 · 买买提', '阿卜杜拉·买买提'],
    ['J. Smith', 'J. Smith'],
  ])('%j is kept as %s', (written, kept) => {
    expect(normalName(written)).toBe(kept);
    expect(normalName(kept)).toBe(kept);
  });

  it('is looked up whatever its blanks and capitals', () => {
    expect(nameKey('python 全栈')).toBe(nameKey('Ｐｙｔｈｏｎ全栈'));
  });

  it('of nothing but what nobody sees is no name', () => {
    expect(nameField('姓名', 50).safeParse('\u200b\u3000\ufeff').success).toBe(false);
  });
});

describe('texts', () => {
  it('lose what nobody sees, and notes keep their blanks, signs and lines', () => {
    expect(severalLines(' 想学\u200bＰython，\r\n周末　再聊！\u2028好 ')).toBe('想学Ｐython，\n周末　再聊！\n好');
    expect(sentence('原因', 200).parse('太贵了，\n再说！')).toBe('太贵了， 再说！');
    expect(visible('好👍🏽❤️👨‍👩‍👧‍👦')).toBe('好👍🏽❤️👨‍👩‍👧‍👦');
    expect(visible('1\ufe0f3\u200d8')).toBe('138');
  });

  it.each([
    ['\u200b12 345 678', '12345678'],
    ['QQ：１２３４５６７８', '12345678'],
    ["'12345678", '12345678'],
    ['12345678.0', '12345678'],
  ])('the QQ %j is %s', (written, qq) => {
    expect(Qq.parse(written)).toBe(qq);
  });

  it('a WeChat id is read with its label and without what nobody sees', () => {
    expect(WechatId.parse('微信号：\u202aAmber_Wang\u202c')).toBe('amber_wang');
  });
});
