import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeBookings } from '../../src/rooms/index.ts';
import { type Somebody, TODAY, TOMORROW, useRoomSchool } from './rooms-school.ts';

const school = useRoomSchool();
let li: Somebody;
let wang: Somebody;
let zhao: Somebody;

beforeAll(async () => {
  li = await school.person('李娜', '课程顾问');
  wang = await school.person('王强', '市场部');
  zhao = await school.person('赵敏', '市场部');
});
beforeEach(() => school.begin());

describe('预定', () => {
  it('of a free range books every hour of it and says how to take it back', async () => {
    expect(await li.says('预定 夏威夷 明天 10-12')).toMatch(
      /^订好了：夏威夷 · 明天 11-22 周日 · 10:00–12:00\n提前 15 分钟提醒你。退订 1 · 撤销 [A-Z2-9]{4}$/,
    );
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 李娜', '夏威夷 2026-11-22 11 李娜']);
  });

  it('of a range somebody has a part of names slot and holder, offers a free room, and books nothing', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    expect(await li.says('预定 夏威夷 明天 10-12')).toBe(
      '夏威夷明天 11:00 已被王强（市场部）订了。天上人间 10:00–12:00 空着：回复「预定 天上人间 明天 10-12」，或「候补」等夏威夷',
    );
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 11 王强']);
  });

  it('names every holder where several have it, and says so where no other room is free', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 3, 4);
    await school.hold(zhao, '夏威夷', TOMORROW, 5);
    await school.hold(zhao, '天上人间', TOMORROW, 3);
    await school.hold(zhao, '马尔代夫', TOMORROW, 5);
    expect(await li.says('预定 夏威夷 明天 10-13')).toBe(
      '夏威夷明天 10:00–12:00 已被王强（市场部）订了；夏威夷明天 12:00 已被赵敏（市场部）订了。这个时段没有别的会议室空着，回复「候补」等夏威夷',
    );
  });

  it('of hours that are one’s own already says so and offers the rest', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 4);
    expect(await li.says('预定 夏威夷 明天 10-12')).toBe(
      '夏威夷明天 11:00 你已经订了。10:00–11:00 空着：回复「预定 夏威夷 明天 10-11」接上',
    );
  });

  it.each([
    ['预定', '预定哪间、什么时候？写成「预定 天上人间 明天 10-12」这样'],
    ['预定 夏威夷 明天', '夏威夷明天几点到几点？写成「预定 夏威夷 明天 14-16」这样'],
    ['预定 夏威夷 明天 10', '夏威夷明天 10 点到几点？写成「预定 夏威夷 明天 10-11」这样'],
    ['预定 火星 明天 10-12', '没有叫「火星」的会议室，现在有天上人间、夏威夷、马尔代夫'],
    ['预定 夏威夷 昨天 10-12', '昨天已经过去了，只能订今天和以后的'],
    ['预定 夏威夷 11-18 10-12', '11-18 已经过去了，只能订今天和以后的'],
    ['预定 夏威夷 今天 8-9', '今天 08:00 已经开始，订后面的时段吧'],
    ['预定 夏威夷 明天 20-22', '会议室 8:00 到 21:00 开放，20:00–22:00 订不了'],
    ['预定 夏威夷 明天 10:30-11:30', '只能从整点到整点'],
    ['预定 夏威夷 天上人间 明天 10-12', '一次只订一间'],
    ['预定 夏威夷 明天 10-12 20个人', '坐不下'],
    ['预定 夏威夷 明天 10-12？', '空着，回复「预定 夏威夷 明天 10-12」'],
    ['预定 夏威夷 每天 10-12', '「每天」这样的连订还做不到'],
  ])('%s is answered with what would work', async (said, answer) => {
    expect(await li.says(said)).toContain(answer);
    expect(await school.held()).toEqual([]);
  });

  it('without a room asks which, naming those that are free then', async () => {
    await school.hold(wang, '天上人间', TOMORROW, 3);
    expect(await li.says('预定 明天 10-12')).toContain(
      '预定哪一间？明天 10:00–12:00 空着的有夏威夷、马尔代夫：回复「预定 夏威夷 明天 10-12」',
    );
  });

  it('of a past day says so even where somebody had it', async () => {
    await school.hold(wang, '夏威夷', '2026-11-20', 3);
    expect(await li.says('预定 夏威夷 昨天 10-11')).toContain('昨天已经过去了');
  });

  it('less than a quarter of an hour before promises no reminder', async () => {
    school.moveTo(TODAY, '09:51:00');
    expect(await li.says('预定 夏威夷 10-11')).toContain('还有 9 分钟就开始');
  });

  it('every week skips what is taken and says who has it; one 撤销 takes the whole series back', async () => {
    await school.hold(wang, '夏威夷', '2026-12-02', 7);
    const answer = await li.says('预定 夏威夷 每周三 14-15 3周');
    expect(answer).toMatch(
      /^订好了 2 周：夏威夷 · 每周三 14:00–15:00\n11-25、12-09\n跳过：夏威夷 12-02 14:00 已被王强（市场部）订了\n每次提前 15 分钟提醒你。撤销 [A-Z2-9]{4}$/,
    );
    expect(await school.held()).toHaveLength(3);
    expect(await li.says('撤销')).toBe('已撤销，不订了：夏威夷 · 2 周 · 14:00–15:00');
    expect(await school.held()).toEqual(['夏威夷 2026-12-02 14 王强']);
  });

  it('every week begins next week where today’s hour has begun, and is refused where all is taken', async () => {
    school.moveTo(TODAY, '15:00:00');
    expect(await li.says('预定 夏威夷 每周六 14-15 2周')).toContain('11-28、12-05');
    expect(await wang.says('预定 夏威夷 每周六 14-15 2周')).toBe(
      '夏威夷这个时段 2 周都有人订了：夏威夷 11-28 14:00 已被李娜（课程顾问）订了。换个时间或换一间',
    );
  });
});

describe('撤销 of a booking', () => {
  it('gives it up and passes it to who waits', async () => {
    await li.says('预定 夏威夷 明天 10-12');
    await wang.says('候补 夏威夷 明天 10-12');
    expect(await li.says('撤销')).toBe('已撤销，不订了：夏威夷 · 明天 11-22 周日 · 10:00–12:00');
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 10 王强', '夏威夷 2026-11-22 11 王强']);
    expect(await school.notices('bookingMade')).toEqual([
      { to: wang.id, data: expect.objectContaining({ room: '夏威夷', time: '10:00–12:00' }) },
    ]);
  });

  it('is refused once an administrator took it away', async () => {
    const admin = await school.admin();
    await li.says('预定 夏威夷 明天 10-11');
    const cancel = [{ roomId: school.room('夏威夷'), slot: 3 }];
    await admin.does((scope) => changeBookings(scope, { date: TOMORROW, add: [], cancel }));
    expect(await li.says('撤销')).toContain('这个预定后来又有改动');
  });
});

describe('会议室', () => {
  it('lists each room’s free hours, mine apart, and a booking that would work', async () => {
    await school.hold(li, '天上人间', TODAY, 3, 4);
    await school.hold(wang, '夏威夷', TODAY, 8);
    expect(await li.says('会议室')).toBe(
      [
        '今天的会议室：',
        '天上人间（12 座）空 12:00–21:00 · 我订了 10:00–12:00',
        '夏威夷（8 座）空 10:00–15:00、16:00–21:00',
        '马尔代夫（6 座）空 10:00–21:00',
        '回复「预定 天上人间 今天 12-14」就订好',
      ].join('\n'),
    );
  });

  it('says past days and the end of today as what they are', async () => {
    expect(await li.says('会议室 昨天')).toBe('昨天已经过去了，回复「会议室」看今天的');
    expect(await li.says('会议室 11-18')).toBe('11-18 已经过去了，回复「会议室」看今天的');
    school.moveTo(TODAY, '20:00:00');
    expect(await li.says('会议室')).toBe('今天没有能订的时段了，回复「会议室 明天」看明天的');
    expect(await li.says('会议室 某天')).toContain('没看懂「某天」');
  });
});

describe('我的预定 and 退订', () => {
  it('lists bookings, then what is waited for, in numbers that 退订 takes', async () => {
    await school.hold(wang, '马尔代夫', TOMORROW, 5);
    await li.says('预定 夏威夷 明天 10-12');
    await li.says('预定 天上人间 18-19');
    await li.says('候补 马尔代夫 明天 12-13');
    expect(await li.says('我的预定')).toBe(
      [
        '你订了 2 个时段，候补 1 个：',
        '1 天上人间 · 今天 · 18:00–19:00',
        '2 夏威夷 · 明天 11-22 周日 · 10:00–12:00',
        '3 马尔代夫 · 明天 11-22 周日 · 12:00–13:00 · 候补，排第一',
        '回复「退订 1」取消',
      ].join('\n'),
    );
    expect(await li.says('退订 3')).toContain('不候补了：马尔代夫 · 明天 11-22 周日 · 12:00–13:00');
    expect(await school.waiting()).toEqual([]);
    expect(await li.says('退订 2')).toContain('退订了：夏威夷 · 明天 11-22 周日 · 10:00–12:00');
    expect(await school.held()).toEqual(['天上人间 2026-11-21 18 李娜', '马尔代夫 2026-11-22 12 王强']);
    expect(await li.says('退订 2')).toBe('这个预定已经不在了，回复「我的预定」看看现在的');
  });

  it('退订 1 after a receipt gives up that booking only, not the neighbour booked before', async () => {
    await li.says('预定 夏威夷 明天 12-13');
    await li.says('预定 夏威夷 明天 10-12');
    await li.says('退订 1');
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 12 李娜']);
  });

  it('退订 is taken back where nobody got in between', async () => {
    await li.says('预定 夏威夷 明天 10-12');
    await li.says('退订 1');
    expect(await li.says('撤销')).toBe('已撤销，还是你的：夏威夷 · 明天 11-22 周日 · 10:00–12:00');
    await li.says('我的预定');
    await li.says('退订 1');
    await wang.says('预定 夏威夷 明天 11-12');
    expect(await li.says('撤销')).toBe('夏威夷明天 11:00 已被王强（市场部）订了。这次什么都没有改');
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 11 王强']);
  });

  it('more than six are paged', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 1, 3, 5, 7, 9, 11, 13);
    expect(await li.says('我的预定')).toContain('「下一页」继续');
    expect(await li.says('下一页')).toContain('1 夏威夷 · 明天 11-22 周日 · 20:00–21:00');
    await li.says('退订 1');
    expect(await school.held()).toHaveLength(6);
  });
});

describe('候补', () => {
  it('alone waits for the taken part of what was just refused and leaves the free part alone', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    await li.says('预定 夏威夷 明天 10-12');
    expect(await li.says('候补')).toMatch(
      /^排上了：夏威夷 · 明天 11-22 周日 · 11:00–12:00\n10:00–11:00 还空着，要的话回复「预定 夏威夷 明天 10-11」\n一空出来就归你，马上告诉你。撤销 \w{4}$/,
    );
    expect(await school.held()).toEqual(['夏威夷 2026-11-22 11 王强']);
    expect(await li.says('撤销')).toBe('已撤销，不再候补');
    expect(await school.waiting()).toEqual([]);
  });

  it('of what became free meanwhile books it at once', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    await li.says('预定 夏威夷 明天 11-12');
    await wang.says('我的预定');
    await wang.says('退订 1');
    expect(await li.says('候补')).toContain('刚好空着，订好了：夏威夷 · 明天 11-22 周日 · 11:00–12:00');
    expect(await li.says('撤销')).toContain('已撤销，不订了');
    expect(await school.held()).toEqual([]);
  });

  it('says how many are before, once however often it is said', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    await zhao.says('候补 夏威夷 明天 11-12');
    await li.says('候补 夏威夷 明天 11-12');
    expect(await li.says('候补 夏威夷 明天 11-12')).toContain('11:00–12:00，前面还有 1 位');
    expect(await school.waiting()).toEqual(['11 赵敏', '11 李娜']);
  });

  it.each([
    ['候补 夏威夷 昨天 10-11', '昨天已经过去了'],
    ['候补 夏威夷 今天 8-9', '今天 08:00 已经开始'],
    ['候补', '候补哪间、什么时候？'],
  ])('%s is refused', async (said, answer) => {
    await school.hold(wang, '夏威夷', '2026-11-20', 3);
    await school.hold(wang, '夏威夷', TODAY, 1);
    expect(await li.says(said)).toContain(answer);
    expect(await school.waiting()).toEqual([]);
  });

  it('of one’s own booking says that it is one’s own', async () => {
    await school.hold(li, '夏威夷', TOMORROW, 4);
    expect(await li.says('候补 夏威夷 明天 11-12')).toBe('夏威夷明天的这个时段本来就是你订的');
  });
});

describe('退订 and 取消 with words or several numbers', () => {
  beforeEach(async () => {
    await school.hold(li, '夏威夷', TODAY, 3, 4);
    await school.hold(li, '天上人间', '2026-11-24', 7);
  });
  const BOTH = ['夏威夷 2026-11-21 10 李娜', '夏威夷 2026-11-21 11 李娜', '天上人间 2026-11-24 14 李娜'];

  it('取消 后天的 gave up today’s booking: it says what there is, and its numbers work', async () => {
    expect(await li.says('取消 后天的')).toBe(
      '后天没有你的预定。今天 10:00 夏威夷 · 周二 14:00 天上人间：回复「退订 1」这样',
    );
    expect(await school.held()).toEqual(BOTH);
    expect(await li.says('退订 2')).toContain('退订了：天上人间 · 周二 11-24 · 14:00–15:00');
    expect(await school.held()).toEqual(BOTH.slice(0, 2));
  });

  it('取消 2 gives up the second of the list, not what begins next', async () => {
    await li.says('我的预定');
    expect(await li.says('取消 2')).toContain('退订了：天上人间');
    expect(await school.held()).toEqual(BOTH.slice(0, 2));
  });

  it.each(['退订 1 2', '退订 1和2', '退订 1、2', '退订 1-2', '取消预定 1 2', '退订 全部'])(
    '%s gives up both, a line each, and 撤销 brings both back',
    async (said) => {
      await li.says('我的预定');
      expect(await li.says(said)).toMatch(/^退订了：夏威夷 .*\n退订了：天上人间 .*撤销 \w{4}$/);
      expect(await school.held()).toEqual([]);
      expect(await li.says('撤销')).toContain('还是你的：天上人间');
      expect(await school.held()).toEqual(BOTH);
    },
  );

  it.each([
    ['取消 夏威夷', '退订了：夏威夷', [2]],
    ['取消 今天的', '退订了：夏威夷', [2]],
    ['退订 周二的', '退订了：天上人间', [0, 1]],
    ['退订 24号的', '退订了：天上人间', [0, 1]],
    ['取消 天上人间 周二 14-15 谢谢', '退订了：天上人间', [0, 1]],
    ['退订 夏威夷 今天 11-12', '退订了：夏威夷 · 今天 · 11:00–12:00', [0, 2]],
    ['取消预定 下午的', '退订了：天上人间', [0, 1]],
    ['退订 10点的', '退订了：夏威夷 · 今天 · 10:00–12:00', [2]],
  ])('%s gives up the one that fits', async (said, answer, left) => {
    expect(await li.says(said)).toContain(answer);
    expect(await school.held()).toEqual(left.map((index) => BOTH[index]));
  });

  it.each([
    ['取消 马尔代夫', '马尔代夫没有你的预定'],
    ['退订 周二的 夏威夷', '夏威夷周二没有你的预定'],
    ['取消 我妈', '没看懂「我妈」'],
    ['取消 今天的 改到明天', '改时间分两步'],
    ['退订 1 改到明天', '改时间分两步'],
    ['退订', '退哪一个'],
    ['取消预定', '半小时内没有你的预定'],
    ['取消 周二 还是算了', '没看懂'],
    ['退订 夏威夷 9-11', '没有你的预定'],
    ['退订 2？', '不确定是在问还是要做'],
  ])('%s is asked back with what there is', async (said, answer) => {
    await li.says('我的预定');
    expect(await li.says(said)).toContain(answer);
    expect(await school.held()).toEqual(BOTH);
  });

  it('where two fit, asks which, numbered', async () => {
    await school.hold(li, '马尔代夫', '2026-11-24', 9);
    expect(await li.says('取消 周二的')).toBe(
      '周二有 2 个，退哪一个？\n1 天上人间 · 周二 11-24 · 14:00–15:00\n2 马尔代夫 · 周二 11-24 · 16:00–17:00\n回复「退订 1」这样的编号，都退就「退订 1-2」',
    );
    await li.says('退订 1-2');
    expect(await school.held()).toEqual(BOTH.slice(0, 2));
  });

  it('a number beside words that do not fit it changes nothing', async () => {
    await li.says('我的预定');
    expect(await li.says('退订 1 天上人间')).toContain('对不上');
    expect(await school.held()).toEqual(BOTH);
  });
});

describe('a series', () => {
  it('is ended from a day on, and 撤销 makes it one again', async () => {
    await li.says('预定 夏威夷 每周三 14-15 4周');
    await li.says('预定 夏威夷 周四 14-15');
    expect(await li.says('我的预定')).toContain('1 夏威夷 · 周三 11-25 · 14:00–15:00 · 每周三');
    expect(await li.says('退订 夏威夷 每周三 12月9日起')).toMatch(
      /^退订了 2 周：夏威夷 · 每周三 14:00–15:00\n12-09、12-16。撤销 \w{4}$/,
    );
    expect(await school.held()).toHaveLength(3);
    await li.says('撤销');
    expect(await li.says('退订 每周三')).toContain('退订了 4 周');
    expect(await school.held()).toEqual(['夏威夷 2026-11-26 14 李娜']);
  });

  it('is ended by the number of one of its weeks', async () => {
    await li.says('预定 夏威夷 每周三 14-15 4周');
    await li.says('我的预定');
    expect(await li.says('退订 3 以后的')).toContain('退订了 2 周');
    expect(await li.says('退订 周三 以后都不要了')).toContain('退订了 2 周');
    expect(await school.held()).toEqual([]);
  });
});

describe('候补 after a refusal', () => {
  it.each(['候补', '候补吧', '候补 夏威夷', '候补 谢谢', '候补 明天'])(
    '%s waits for what was just refused',
    async (said) => {
      await school.hold(wang, '夏威夷', TOMORROW, 4);
      await li.says('预定 夏威夷 明天 11-12');
      expect(await li.says(said)).toContain('排上了：夏威夷 · 明天 11-22 周日 · 11:00–12:00');
    },
  );

  it('of another room asks for its hours', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    await li.says('预定 夏威夷 明天 11-12');
    expect(await li.says('候补 天上人间')).toContain('天上人间几点到几点');
    expect(await school.waiting()).toEqual([]);
  });
});

describe('会议室 with hours or a room', () => {
  it('says which are free then, and who has the others', async () => {
    await school.hold(wang, '夏威夷', TOMORROW, 4);
    expect(await li.says('会议室 明天 10-12')).toBe(
      [
        '明天 11-22 周日 10:00–12:00：',
        '天上人间（12 座）空着',
        '夏威夷 11:00 王强订了',
        '马尔代夫（6 座）空着',
        '回复「预定 天上人间 明天 10-12」就订好',
      ].join('\n'),
    );
    expect(await li.says('会议室 夏威夷 明天')).toContain('夏威夷（8 座）空 08:00–11:00、12:00–21:00');
    expect(await li.says('会议室 明天和后天')).toContain('不是同一天');
  });
});

describe('取消, the answer to the reminder', () => {
  it('gives up what begins next, all its hours, to who waits', async () => {
    await school.hold(li, '夏威夷', TODAY, 3, 4);
    await school.hold(li, '夏威夷', TODAY, 8);
    await wang.says('候补 夏威夷 10-11');
    school.moveTo(TODAY, '09:45:00');
    expect(await li.says('取消')).toMatch(/^退订了：夏威夷 · 今天 · 10:00–12:00。撤销 \w{4}$/);
    expect(await school.held()).toEqual(['夏威夷 2026-11-21 10 王强', '夏威夷 2026-11-21 15 李娜']);
  });

  it('works until 9:59:59 and not from 10:00:00 on', async () => {
    await school.hold(li, '夏威夷', TODAY, 3);
    school.moveTo(TODAY, '10:00:00');
    expect(await li.says('取消')).toBe('夏威夷今天 10:00 已经开始，不能再取消了');
    school.moveTo(TODAY, '09:59:59');
    expect(await li.says('取消')).toContain('退订了：夏威夷 · 今天 · 10:00–11:00');
  });

  it('asks which where two begin at once, and 退订 takes the number', async () => {
    await school.hold(li, '夏威夷', TODAY, 3);
    await school.hold(li, '马尔代夫', TODAY, 3);
    school.moveTo(TODAY, '09:50:00');
    expect(await li.says('取消')).toBe(
      '马上开始的有 2 个，退哪一个？\n1 夏威夷 · 今天 · 10:00–11:00\n2 马尔代夫 · 今天 · 10:00–11:00\n回复「退订 1」这样的编号',
    );
    await li.says('退订 2');
    expect(await school.held()).toEqual(['夏威夷 2026-11-21 10 李娜']);
  });

  it('points to 我的预定 where nothing begins soon', async () => {
    await school.hold(li, '夏威夷', TODAY, 8);
    expect(await li.says('取消')).toContain('半小时内没有你的预定');
    expect(await school.held()).toHaveLength(1);
  });
});
