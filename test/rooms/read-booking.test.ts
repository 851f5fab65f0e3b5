import { describe, expect, it } from 'vitest';
import { readBookingWords, roomNamed, slotsOf } from '../../src/rooms/read-booking.ts';

const TODAY = '2026-11-21';
const ROOMS = ['天上人间', '夏威夷', '1号厅', '301', 'Hawaii'].map((name, index) => ({
  id: index + 1,
  name,
  seats: 8,
  active: true,
}));
const read = (text: string) => readBookingWords(text, TODAY, ROOMS);
/** The room said, by its whole name or what is left of the words. */
const nameOf = ({ rooms, unknown }: ReturnType<typeof read>) =>
  [...rooms.map(({ name }) => name), ...unknown].join('+');

describe('what a booking says', () => {
  it.each([
    ['夏威夷 明天 10-12', '夏威夷', '2026-11-22', 10, 12, 1],
    ['明天 10-12 夏威夷', '夏威夷', '2026-11-22', 10, 12, 1],
    ['夏威夷明天10-12', '夏威夷', '2026-11-22', 10, 12, 1],
    ['夏威夷会议室 明天 10点到12点', '夏威夷', '2026-11-22', 10, 12, 1],
    ['夏威，明天，下午2点', '夏威', '2026-11-22', 14, 15, 1],
    ['夏威明天10-12', '夏威', '2026-11-22', 10, 12, 1],
    ['夏威夷 后天的下午2点到4点', '夏威夷', '2026-11-23', 14, 16, 1],
    ['夏威夷 10-12', '夏威夷', null, 10, 12, 1],
    ['夏威夷 10-12 明天', '夏威夷', '2026-11-22', 10, 12, 1],
    ['夏威夷 12-03 10-12', '夏威夷', '2026-12-03', 10, 12, 1],
    ['夏威夷 12月3日 10-12', '夏威夷', '2026-12-03', 10, 12, 1],
    ['夏威夷 下周一 7点-9点', '夏威夷', '2026-11-23', 19, 21, 1],
    ['1号厅 明天 10-12', '1号厅', '2026-11-22', 10, 12, 1],
    ['301 明天 10-12', '301', '2026-11-22', 10, 12, 1],
    ['hawaii 明天 10-12', 'Hawaii', '2026-11-22', 10, 12, 1],
    ['夏威夷 每周三 14-15', '夏威夷', '2026-11-25', 14, 15, 4],
    ['夏威夷 每周三 14-15 六周', '夏威夷', '2026-11-25', 14, 15, 6],
    ['夏威夷 周三 14-15 连续3周', '夏威夷', '2026-11-25', 14, 15, 3],
    ['夏威夷 ２点－４点', '夏威夷', null, 14, 16, 1],
  ])('%s', (text, name, date, from, to, weeks) => {
    const said = read(text);
    expect(nameOf(said)).toBe(name);
    expect(said).toMatchObject({ day: date, hours: { from, to }, weeks, unclear: null });
  });

  it.each([
    ['夏威夷 明天 10', { numbers: [10], part: null }],
    ['夏威夷 明天下午', { numbers: [], part: '下午' }],
    ['夏威夷晚上', { numbers: [], part: '晚上', day: null }],
  ])('%s leaves the hours open', (text, open) => {
    expect(nameOf(read(text))).toBe('夏威夷');
    expect(read(text)).toMatchObject({ day: '2026-11-22', hours: null, unclear: null, ...open });
  });

  it.each([
    ['夏威夷 明天 后天 10-12', '不是同一天'],
    ['夏威夷 明天 10点和14点', '两段时间'],
    ['夏威夷 明天 10:30-12:00', '整点'],
    ['夏威夷 2月30日 10-11', '没有「2月30日」这一天'],
    ['夏威夷 明天 10-10', '同一个钟点'],
    ['夏威夷 明天 25点到26点', '没有「25点到26点」这个时间'],
  ])('%s is unclear: %s', (text, why) => {
    expect(read(text).unclear?.why).toContain(why);
  });
});

describe('which room', () => {
  const rooms = [
    { id: 1, name: '天上人间', seats: 12, active: true },
    { id: 2, name: '天涯', seats: 8, active: true },
    { id: 3, name: '旧楼', seats: 8, active: false },
  ];

  it('the beginning of one name is enough, of two is asked back', () => {
    expect(roomNamed('天上', rooms).id).toBe(1);
    expect(() => roomNamed('天', rooms)).toThrow('天上人间、天涯');
  });

  it('an unknown name is answered with the rooms there are, a closed one as closed', () => {
    expect(() => roomNamed('火星', rooms)).toThrow('没有叫「火星」的会议室，现在有天上人间、天涯');
    expect(() => roomNamed('旧楼', rooms)).toThrow('旧楼停用了');
  });
});

it('hours outside 8:00 to 21:00 are refused by name', () => {
  expect(slotsOf({ from: 8, to: 21 })).toEqual({ from: 1, to: 13 });
  expect(() => slotsOf({ from: 20, to: 22 })).toThrow('20:00–22:00 订不了');
});
