import { describe, expect, it } from 'vitest';
import { buildMenu, type MenuEntry } from '../../src/wechat/menu.ts';

const entry = (group: string, name: string, key = name): MenuEntry => ({ group, name, key });

describe('buildMenu', () => {
  it('groups, become top entries in their order, a single entry stands alone', () => {
    const entries = [entry('客户', '公海', 'pool'), entry('房间', '预定', 'rooms'), entry('客户', '我的客户', 'mine')];
    expect(buildMenu([...entries, { group: '帮助', name: '网页', url: 'https://a.cn' }])).toEqual({
      button: [
        {
          name: '客户',
          sub_button: [
            { type: 'click', name: '公海', key: 'pool' },
            { type: 'click', name: '我的客户', key: 'mine' },
          ],
        },
        { type: 'click', name: '预定', key: 'rooms' },
        { type: 'view', name: '网页', url: 'https://a.cn' },
      ],
    });
  });

  it.each<[string, MenuEntry[], string]>([
    ['nothing', [], '0 top entries'],
    ['four groups', ['a', 'b', 'c', 'd'].map((g) => entry(g, g)), '4 top entries'],
    ['six in a group', Array.from({ length: 6 }, (_, i) => entry('a', `n${i}`)), '6 entries'],
    ['a top name of six Han', [entry('一二三四五六', 'a'), entry('一二三四五六', 'b')], '18 bytes'],
    ['a lone entry of six Han', [entry('a', '一二三四五六')], '18 bytes'],
    ['a sub name of 21 Han', [entry('a', '好'.repeat(21)), entry('a', 'b')], '63 bytes'],
    ['a key of 129 bytes', [entry('a', 'b', 'k'.repeat(129))], '129 bytes'],
    ['an address of 1025 bytes', [{ group: 'a', name: 'b', url: 'u'.repeat(1025) }], '1025 bytes'],
    ['an empty name', [entry('a', '', 'k')], '0 bytes'],
  ])('%s, stops the start', (_what, entries, fault) => expect(() => buildMenu(entries)).toThrow(fault));

  it('several faults, are named together', () => {
    expect(() => buildMenu([entry('a', '', 'k'.repeat(129))])).toThrow(/0 bytes.*129 bytes/);
  });
});
