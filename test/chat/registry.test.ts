import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/chat/registry.ts';
import { aCommand } from './declare.ts';

const registry = createRegistry([
  aCommand('公海 [筛选]', { aliases: ['pool'], menu: { group: '客户', name: '公海' } }),
  aCommand('抢 N', { aliases: ['grab'] }),
  aCommand('我的客户 [筛选]', { aliases: ['mine'] }),
  aCommand('我的', {}),
  aCommand('跟进 N 内容', { aliases: ['log'] }),
  aCommand('会议室 [日期]', {}),
  aCommand('全到', {}),
  aCommand('救回', {
    match: (text) => (/^\d+ /.test(text) ? { word: '救回', rest: text, args: text.split(' ') } : null),
  }),
]);

function found(text: string) {
  const hit = registry.find(text);
  return hit && { id: hit.command.id, args: hit.said.args, rest: hit.said.rest };
}

describe('finding a command', () => {
  it.each(['抢 1', '抢1', '抢　１', '抢１', ' 抢 1 ', '抢1。', '「抢 1」', 'GRAB 1', 'grab1', '抢 第1个', '抢1号'])(
    '%s asks to grab the first',
    (text) => {
      expect(found(text)).toMatchObject({ id: 'test.抢', args: ['1'] });
    },
  );

  it('takes the longest word', () => {
    expect(found('我的客户 百度推广')).toMatchObject({ id: 'test.我的客户', args: ['百度推广'] });
    expect(found('我的')).toMatchObject({ id: 'test.我的' });
  });

  it('takes a word of two signs or more right before its argument', () => {
    expect(found('会议室明天')).toMatchObject({ id: 'test.会议室', args: ['明天'] });
    expect(found('公海百度推广')).toMatchObject({ id: 'test.公海', args: ['百度推广'] });
  });

  it.each(['抢课 1', '抡单 1', '全到了', 'poolside', 'grabs', '好吃的', ''])('finds nothing in %s', (text) => {
    expect(found(text)).toBeNull();
  });

  it.each(['跟进 1 约了周五，10点', '跟进1约了周五，10点', '跟进 1：约了周五，10点', '跟进　１　约了周五，10点'])(
    '%s parts the number from the note, which stays as written',
    (text) => {
      expect(found(text)).toMatchObject({ rest: '1 约了周五，10点', args: ['1', '约了周五，10点'] });
    },
  );

  it.each([
    ['抢 2 3', '2、3'],
    ['抢 2、3', '2、3'],
    ['抢2和3', '2、3'],
    ['抢 1-3', '1、2、3'],
    ['抢 1，2', '1、2'],
    ['抢第一个', '1'],
    ['抢 第2个和第3个', '2、3'],
    ['搶 1', '1'],
    ['1 抢', '1'],
    ['抢 1 谢谢', '1'],
    ['抢 「王小雨」', '王小雨'],
    ['王小雨 抢', '王小雨'],
    ['抢 139 1234 0001', '13912340001'],
  ])('%s grabs %s', (text, arg) => {
    expect(found(text)).toMatchObject({ id: 'test.抢', args: [arg] });
  });

  it('keeps a closing quote that belongs to the note', () => {
    expect(found('跟进 1 他说「再想想」')).toMatchObject({ rest: '1 他说「再想想」' });
  });

  it('keeps a date whole where the number is missing', () => {
    expect(found('跟进 3月5日再聊')).toMatchObject({ args: ['3月5日再聊'] });
  });

  it('asks the patterns where no word fits', () => {
    expect(found('3 已约周五试听')).toMatchObject({ id: 'test.救回', args: ['3', '已约周五试听'] });
  });

  it('finds the chat’s own commands', () => {
    expect(found('撤销K7Q2')).toMatchObject({ id: 'chat.undo', args: ['K7Q2'] });
    expect(found('下一页')).toMatchObject({ id: 'chat.next' });
    expect(found('help')).toMatchObject({ id: 'chat.help' });
  });
});

describe('collecting commands', () => {
  it('gives the menu with the command’s id as key, and every first word', () => {
    expect(registry.menu).toEqual([{ group: '客户', name: '公海', key: 'test.公海' }]);
    expect(registry.words).toEqual([
      ...['公海', '抢', '我的客户', '我的', '跟进', '会议室', '全到', '救回'],
      ...['今天', '下一页', '撤销', '帮助'],
    ]);
  });

  it('lets commands share a word: the first this person may use is meant', () => {
    const mark = aCommand('请假 学员…', { id: 'test.mark', permission: 'a' });
    const leave = aCommand('请假 日期', { id: 'test.leave', permission: 'b' });
    const shared = createRegistry([mark, leave]);
    const meant = (...permissions: string[]) =>
      shared.find('请假 明天', { may: ({ permission }) => permissions.includes(permission ?? ''), shown: null })
        ?.command.id;
    expect(meant('a', 'b')).toBe('test.mark');
    expect(meant('b')).toBe('test.leave');
    expect(meant()).toBe('test.mark');
  });

  it('refuses two commands with one id', () => {
    expect(() => createRegistry([aCommand('抢'), aCommand('领', { id: 'test.抢' })])).toThrow(/the id test\.抢/);
  });

  it('refuses a menu entry that needs arguments', () => {
    expect(() => createRegistry([aCommand('抢 N', { menu: { group: '客户', name: '抢单' } })])).toThrow(
      /needs arguments/,
    );
  });
});
