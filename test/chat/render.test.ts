import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/chat/registry.ts';
import { type Reply, renderPlain, reply, tap } from '../../src/chat/reply.ts';
import { withTaps } from '../../src/chat/taps.ts';
import { withUndo } from '../../src/chat/undo.ts';
import { renderWechat } from '../../src/doors/render-wechat.ts';
import { aCommand } from './declare.ts';

const registry = createRegistry([aCommand('公海 [筛选]'), aCommand('抢 N'), aCommand('跟进 N 内容')]);

/** What a reader sees: WeChat's text without its markup. */
function seen(answer: Reply): string {
  return renderWechat(answer).replace(/<[^>]*>/g, '');
}

describe('taps', () => {
  it('stand in quotes inside a sentence and bare between marks, the same on every channel', () => {
    const answer = reply(
      ['回复', tap('抢 1'), '抢单，', tap('公海'), '再看'],
      ['要：', tap('抢 1'), ' · ', tap('公海'), '？'],
    );
    const text = '回复「抢 1」抢单，「公海」再看\n要：抢 1 · 公海？';
    expect(renderPlain(answer)).toBe(text);
    expect(seen(answer)).toBe(text);
  });

  it('are made of what an answer quotes and a command would take', () => {
    const { lines } = withTaps(reply('回复「抢 1」抢单，「公海 百度推广」筛选'), registry);
    expect(lines[0]).toEqual(['回复', tap('抢 1'), '抢单，', tap('公海 百度推广'), '筛选']);
  });

  it.each(['先说「抢」', '回复「跟进 1 内容」', '他说「谢谢」', '打开「绑定微信」'])('leave %s as text', (text) => {
    const answer = withTaps(reply(text), registry);
    expect(renderPlain(answer)).toBe(text);
    expect(renderWechat(answer)).toBe(text);
  });

  it('show a label and say its words', () => {
    expect(renderWechat(reply([tap('1', '客户 1'), ' 王小雨']))).toBe(
      '<a href="weixin://bizmsgmenu?msgmenucontent=客户 1&msgmenuid=1">1</a> 王小雨',
    );
  });
});

describe('renderWechat', () => {
  it('lets nobody’s text start a link', () => {
    expect(renderWechat(reply('备注 <a href="https://evil.cn">点我</a>'))).not.toContain('<a');
    expect(renderWechat(reply([tap('公海 "><a href=x>')]))).toMatch(/^<a href="[^"<>]*">[^<>]*<\/a>$/);
  });

  it('links to pages by their label', () => {
    expect(renderWechat(reply([{ label: '打开', url: 'https://x.cn/l/T?a=1&b=2' }]))).toBe(
      '<a href="https://x.cn/l/T?a=1&b=2">打开</a>',
    );
  });

  it('gives up taps from the top before it shortens anything', () => {
    const rows = Array.from({ length: 40 }, (_, index) => [tap(`抢 ${index + 1}`), ' 王小雨']);
    const answer = reply(...rows, ['回复', tap('公海'), '再看']);
    const text = renderWechat(answer);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect(seen(answer)).toBe(renderPlain(answer));
    expect(text).not.toMatch(/^<a/);
    expect(text).toContain('msgmenucontent=公海');
  });

  it('keeps to 600 characters and 2048 bytes whatever is said', () => {
    const text = renderWechat(reply('字'.repeat(3000), ['回复', tap('公海')]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect([...text].length).toBeLessThanOrEqual(600);
  });
});

describe('withUndo', () => {
  it.each([
    ['到 27 · 迟到 1', '到 27 · 迟到 1。撤销 W2KX'],
    ['提前 15 分钟提醒你。', '提前 15 分钟提醒你。撤销 W2KX'],
  ])('ends %s with the way back', (line, text) => {
    expect(renderPlain(withUndo(reply('订好了', line), 'W2KX'))).toBe(`订好了\n${text}`);
  });

  it('follows another thing to tap after a dot', () => {
    const answer = reply(['提前 15 分钟提醒你。', tap('退订 1')]);
    expect(renderPlain(withUndo(answer, '8HQP'))).toBe('提前 15 分钟提醒你。退订 1 · 撤销 8HQP');
  });
});
