/** What happened to one customer of the demo school, in days before today. */
export type Life = {
  facts: Record<string, unknown>;
  courses: readonly string[];
  entered: number;
  /** What follows, by whose turn it was; null: nobody could take it. */
  events: ((holder: string) => readonly LifeEvent[]) | null;
};
export type LifeEvent = {
  daysAgo: number;
  by: string;
  does: 'follow' | 'claim' | 'release' | 'transfer' | 'enrol' | 'pay';
  note: string;
  to?: string;
  /** The next contact, in days after today. */
  nextIn?: number;
};

const NAMES =
  '王小雨 李明 张三丰 赵铁柱 钱多多 孙尚 周小舟 吴用心 郑爽朗 冯程程 陈家洛 褚天 卫青青 蒋干活 沈万里 韩梅 杨过来 朱自强 秦明月 尤勇 许仙人 何以深 吕轻侯 施小恩 张无极 孔令 曹操心 严守 华安 金大川 魏来 陶小桃 姜太远 戚少商 谢天 邹小北 喻言 柏树 水生 窦尔 章台 云飞扬 苏小晴 潘安心 葛优优 奚梦 范思 彭湃 郎朗月 鲁小班 韦小堡 昌平 马晓云 苗苗 凤九 花无意 方世 俞小洲 任我飞 袁方'.split(
    ' ',
  );
const SOURCES = [
  '百度推广',
  'qq群',
  '官方网站',
  '腾讯课堂',
  '高校宣讲',
  '内部转介绍',
  '搜狗推广',
  '360推广',
  '广点通',
  '其它',
];
const EDUCATIONS = ['普通本科', '大专', '重点大学', '民办本科', '高中', '独立院校'];
const EXPERIENCES = ['应届毕业', '半年以内', '一年至三年', '在校生', '三年至五年', '半年至一年'];
const COURSES = ['Python全栈', 'Linux云计算', 'Java开发', '数据分析'];
const CONSULTANTS = ['consultant1', 'consultant2', 'consultant3', 'consultant4', 'consultant5', 'consultant6'];
/** What consultants write of a talk. */
export const NOTES = [
  '想先看课表，周末再聊',
  '问了价格，要和家里商量',
  '约了来校区看看',
  '在职，担心时间安排',
  '零基础，想了解就业情况',
  '发了课程大纲，等回复',
  '试听了一节，感觉不错',
  '对比另一家，在意师资',
];

/** The entry of a list that goes round. */
export const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
/** Another consultant than this one. */
export const colleague = (of: string, n: number) =>
  pick(
    CONSULTANTS.filter((username) => username !== of),
    n,
  );

function life(index: number, entered: number, events: Life['events'], course?: string): Life {
  const qq = String(310_000_000 + index * 7_654_321).slice(0, 9);
  const phone = `138${String(10_000_000 + index * 1_234_567).slice(0, 8)}`;
  const both = index % 3;
  return {
    facts: {
      name: pick(NAMES, index),
      ...(both !== 1 && { phone }),
      ...(both !== 0 && { qq }),
      ...(index % 5 === 0 && { wechat: `wx_demo${index + 100}` }),
      gender: index % 2 ? '男' : '女',
      education: pick(EDUCATIONS, index),
      experience: pick(EXPERIENCES, index),
      source: pick(SOURCES, index),
      workStatus: index % 4 === 3 ? '无业' : '在职',
    },
    courses: course
      ? [course]
      : index % 4 === 2
        ? [pick(COURSES, index), pick(COURSES, index + 1)]
        : [pick(COURSES, index)],
    entered,
    events,
  };
}

const follow = (daysAgo: number, by: string, n: number, nextIn?: number): LifeEvent => ({
  daysAgo,
  by,
  does: 'follow',
  note: pick(NOTES, n),
  ...(nextIn !== undefined && { nextIn }),
});

/** Follow-ups every three days, from the day after entering on, up to `until` days ago. */
function contacts(entered: number, until: number, by: string, n: number): LifeEvent[] {
  const events: LifeEvent[] = [];
  for (let daysAgo = entered - 1; daysAgo >= until; daysAgo -= 3) events.push(follow(daysAgo, by, n + events.length));
  return events;
}

function makeLives(): Life[] {
  const lives: Life[] = [];
  const add = (entered: number, events: Life['events'], course?: string) =>
    lives.push(life(lives.length, entered, events, course));
  // Lost for no contact: left alone for too long, some after one talk.
  for (let n = 0; n < 12; n += 1) add(6 + n, (by) => (n % 2 ? [follow(5 + n, by, n)] : []));
  // Lost for no deal: followed up faithfully for fifteen days, never signed.
  for (let n = 0; n < 4; n += 1) add(17 + n, (by) => contacts(17 + n, 2 + n, by, n));
  // Released with a reason.
  for (const [n, note] of ['人在外地，暂时来不了', '只想要免费资料', '预算不够，明年再说'].entries())
    add(5, (by) => [follow(4, by, n), { daysAgo: 1 + n, by, does: 'release', note }]);
  // Nobody could take them.
  add(2, null);
  add(1, null);
  // Claimed out of the pool by a colleague, today and yesterday.
  for (let n = 0; n < 4; n += 1)
    add(9, (loser) => {
      const winner = colleague(loser, n + 2);
      return [{ daysAgo: n % 2, by: winner, does: 'claim', note: '' }, ...(n % 2 ? [follow(0, winner, n)] : [])];
    });
  // Being followed, at every distance from the next contact; those of four days ago drop tonight unless called.
  for (let n = 0; n < 22; n += 1) {
    const entered = n % 8;
    const lastContact = entered === 4 ? 3 : n % 4;
    // Some have an appointment, today or tomorrow.
    const nextIn = n % 2 ? 0 : 1;
    add(entered, (by) => {
      if (entered <= lastContact) return [];
      const talks = contacts(entered, lastContact, by, n);
      return talks.map((talk, k) => (k === talks.length - 1 && n % 3 === 1 ? { ...talk, nextIn } : talk));
    });
  }
  // At the fifteen-day limit: no contact saves them any more.
  for (let n = 0; n < 3; n += 1) add(15, (by) => contacts(15, 1, by, n + 2));
  // Handed from one colleague to another.
  for (let n = 0; n < 2; n += 1)
    add(6, (from) => {
      const to = colleague(from, n + 2);
      return [
        follow(4, from, n),
        { daysAgo: 2, by: 'admin', does: 'transfer', note: '按校区调整', to },
        follow(1, to, n + 1),
      ];
    });
  // Enrolled.
  for (let n = 0; n < 8; n += 1)
    add(
      28 - n,
      (by) => [
        follow(27 - n, by, n),
        { daysAgo: 26 - n, by: 'admin', does: 'enrol', note: n < 4 ? 'python' : 'linux' },
        // The rest of the price; the last one pays it today.
        { daysAgo: 14 - 2 * n, by: 'admin', does: 'pay', note: '' },
      ],
      n < 4 ? 'Python全栈' : 'Linux云计算',
    );
  return lives;
}

/** Sixty customers: some in the pool for every reason, some being followed, lost before, handed over, enrolled. */
export const LIVES: readonly Life[] = makeLives();
