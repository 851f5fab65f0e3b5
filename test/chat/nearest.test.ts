import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames, sayUnknown } from '../../src/chat/nearest.ts';
import { renderPlain } from '../../src/chat/reply.ts';
import { aCommand } from './declare.ts';

const commands = [
  aCommand('公海 [筛选]', { aliases: ['pool'] }),
  aCommand('抢 N', { aliases: ['grab'] }),
  aCommand('跟进 N 内容', { aliases: ['log'] }),
  aCommand('客户 N', { aliases: ['show'] }),
  aCommand('会议室 [日期]', { aliases: ['rooms'] }),
  aCommand('帮助', { aliases: ['help'] }),
];

describe('sayUnknown', () => {
  it('offers the three nearest, with the number that was said', () => {
    expect(renderPlain(sayUnknown('抡单 1', commands))).toBe(
      '没看懂「抡单 1」。是不是要：抢 1 · 跟进 1 · 客户 1？回复「帮助」看全部',
    );
  });

  it.each([
    ['公还', '公海'],
    ['会意室', '会议室'],
    ['hlep', '帮助'],
    ['pol', '公海'],
    ['枪 3', '抢 3'],
    ['根进 2 约好了', '跟进 2'],
  ])('to %s offers %s first', (said, first) => {
    expect(renderPlain(sayUnknown(said, commands))).toContain(`是不是要：${first}`);
  });

  it('makes each offer tappable', () => {
    expect(sayUnknown('抡单 1', commands).lines[0]).toContainEqual({ label: '抢 1', say: '抢 1' });
  });

  it('repeats only the beginning of a long text', () => {
    const said = renderPlain(sayUnknown('啊'.repeat(500), commands));
    expect(said).toContain(`「${'啊'.repeat(20)}…」`);
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['抡', '抢', 1],
    ['hlep', 'help', 1],
    ['公海', '', 2],
    ['我的客户', '我客户', 1],
  ])('from %s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, nothing only between equals, and at most the longer one’s length', () => {
    const text = fc.string({ maxLength: 12, unit: fc.constantFrom('抢', '单', 'a', 'b', '1', '𠮷') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max([...a].length, [...b].length));
      }),
    );
  });
});

describe('nearestNames', () => {
  it('gives the likest first and leaves out what has nothing in common', () => {
    expect(nearestNames('夏威宜', ['天上人间', '夏威夷', '马尔代夫'])).toEqual(['夏威夷']);
  });
});
