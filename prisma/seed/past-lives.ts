import type {
  AssignmentOrigin,
  AssignmentState,
  Education,
  Experience,
  Source,
} from '../../src/generated/prisma/client.ts';
import { colleague, NOTES, pick } from './lives.ts';
import { STUDENTS } from './people.ts';

/** One time somebody held a customer, in days before today; the sweep ends those that were lost, at two in the night. */
export type Stay = {
  by: string;
  from: number;
  until: number;
  origin: AssignmentOrigin;
  state: AssignmentState;
  memo?: string;
};

/** A customer of the months behind: how it came, who talked with it, and how it ended. All of it is over. */
export type PastLife = {
  name: string;
  phone: string;
  qq: string | null;
  gender: 'male' | 'female';
  education: Education;
  experience: Experience;
  source: Source;
  course: string;
  entered: { daysAgo: number; minute: number };
  stays: readonly [Stay, ...Stay[]];
  contacts: readonly { daysAgo: number; minute: number; by: string; note: string }[];
  /** When the customer enrolled; null: it was lost for good and stands in the pool. */
  won: { daysAgo: number; cohort: string } | null;
  /** The demo account this customer signs in with as a student. */
  username: string | null;
};

/** Full cycles of the rota, so that the living customers' turns begin with a new one. */
const CYCLES = 12;
/** The last of those behind came so many days ago; what is younger lives in lives.ts. */
const LAST_DAY = 44;
const GAPS = [1, 2, 3, 5, 4, 3, 2, 4, 5, 2, 3];

const SURNAMES = '邓曾萧田董于余叶程蔡薛阎雷侯龙史黎贺顾毛郝龚邵万覃武戴莫白常康';
const GIVEN =
  '建国 海燕 志强 晓东 雪梅 文博 思远 佳怡 俊杰 丽娜 子涵 雨桐 浩然 婷婷 国栋 春花 明哲 欣怡 立新 可心'.split(' ');
/** Where customers come from, how many of ten of them enrol: what the reports are to show. */
const SOURCES: readonly (readonly [source: Source, wins: number])[] = [
  ['baidu', 5],
  ['internalReferral', 9],
  ['qqGroup', 3],
  ['website', 7],
  ['baidu', 4],
  ['tencentClass', 5],
  ['campusTalk', 6],
  ['qqGroup', 2],
  ['so360', 4],
  ['guangdiantong', 3],
  ['internalReferral', 8],
  ['sogou', 4],
  ['other', 4],
];
const EDUCATIONS = ['regularUniversity', 'juniorCollege', 'keyUniversity', 'privateUniversity', 'highSchool'] as const;
const EXPERIENCES = ['freshGraduate', 'underHalfYear', 'oneToThreeYears', 'inSchool', 'threeToFiveYears'] as const;
const REASONS = ['预算不够，明年再说', '离得太远', '选了别家', '工作忙，暂时不学'];

/** Cohorts that ended, by the days ago they began; short ones, whole days instead of evenings. */
export const FORMER_COHORTS = [
  { key: 'python6', course: 'Python全栈', campus: '北京', term: 6, began: 290, days: 77 },
  { key: 'python7', course: 'Python全栈', campus: '北京', term: 7, began: 190, days: 77 },
  { key: 'python8', course: 'Python全栈', campus: '北京', term: 8, began: 90, days: 77 },
  { key: 'linux3', course: 'Linux云计算', campus: '上海', term: 3, began: 270, days: 70 },
  { key: 'linux4', course: 'Linux云计算', campus: '上海', term: 4, began: 75, days: 70 },
  { key: 'java1', course: 'Java开发', campus: '北京', term: 1, began: 240, days: 77 },
  { key: 'java2', course: 'Java开发', campus: '北京', term: 2, began: 100, days: 77 },
  { key: 'data1', course: '数据分析', campus: '上海', term: 1, began: 300, days: 42 },
  { key: 'data2', course: '数据分析', campus: '上海', term: 2, began: 170, days: 42 },
  { key: 'data3', course: '数据分析', campus: '上海', term: 3, began: 66, days: 42 },
] as const;

/** The two that run; who enrols when no other of the course begins joins one of them. */
const RUNNING = { python: 'Python全栈', linux: 'Linux云计算' } as const;

/** Evenly strewn over 0 to 1, the same at every start. */
const strewn = (n: number, step: number): number => (n * step) % 1;

/** Every customer of the months behind, oldest first, each by the rota's next turn; `rota` is one cycle of it. */
export function pastLives(rota: readonly string[]): PastLife[] {
  const count = CYCLES * rota.length;
  const days = [LAST_DAY];
  for (let n = 1; n < count - STUDENTS.length; n += 1) days.unshift((days[0] ?? 0) + pick(GAPS, n));
  // The students of today came last, two a day.
  for (let n = 0; n < STUDENTS.length; n += 1) days.push(LAST_DAY - 1 - Math.floor(n / 2));
  return days.map((daysAgo, index) => {
    const student = index - (count - STUDENTS.length);
    return pastLife(index, daysAgo, pick(rota, index), student >= 0 ? student : null);
  });
}

function pastLife(index: number, daysAgo: number, holder: string, student: number | null): PastLife {
  const [source, wins] = pick(SOURCES, index);
  const isWon = student !== null || strewn(index, 0.732051) * 10 < wins;
  const { stays, contacts } = liveOn(index, daysAgo, holder, isWon, student === null ? strewn(index, 0.414214) : 1);
  const ended = stays.at(-1)?.until ?? 0;
  const course = student === null ? pick(COURSES_ASKED, index) : student < 5 ? RUNNING.python : RUNNING.linux;
  const cohort = cohortFor(course, ended, index);
  return {
    name: student === null ? `${SURNAMES[index % SURNAMES.length]}${pick(GIVEN, index * 7)}` : pick(STUDENTS, student),
    phone: `137${10_000_000 + index * 613_577}`,
    qq: index % 3 ? String(510_000_000 + index * 1_345_671) : null,
    gender: index % 2 ? 'male' : 'female',
    education: pick(EDUCATIONS, index),
    experience: pick(EXPERIENCES, index * 3),
    source,
    course: isWon ? cohort.course : course,
    entered: { daysAgo, minute: minuteOf(index) },
    stays,
    contacts,
    won: isWon ? { daysAgo: ended, cohort: cohort.key } : null,
    username: student === null ? null : `student${student + 1}`,
  };
}

const COURSES_ASKED = ['Python全栈', 'Linux云计算', 'Java开发', '数据分析'];

/** In office hours. */
const minuteOf = (index: number) => 9 * 60 + ((index * 37) % 480);

/** Where somebody goes who enrolled then: the next cohort of the course to begin, else one of those that run now. */
function cohortFor(course: string, daysAgo: number, index: number): { key: string; course: string } {
  const coming = FORMER_COHORTS.filter((cohort) => cohort.course === course && cohort.began <= daysAgo);
  const [next] = coming.sort((a, b) => b.began - a.began);
  if (next) return next;
  const isLinux = course === RUNNING.linux || (course !== RUNNING.python && index % 2 === 0);
  return isLinux ? { key: 'linux', course: RUNNING.linux } : { key: 'python', course: RUNNING.python };
}

type Lived = { stays: PastLife['stays']; contacts: PastLife['contacts'] };

/** What became of it by the school's rules: some were lost and won by a colleague, some handed over first. */
function liveOn(index: number, entered: number, holder: string, isWon: boolean, way: number): Lived {
  const contacts: { daysAgo: number; minute: number; by: string; note: string }[] = [];
  const stays: Stay[] = [];
  const talk = (daysAgo: number, by: string, minute = 10 * 60 + ((index * 13 + daysAgo) % 420)) =>
    contacts.push({ daysAgo, minute, by, note: pick(NOTES, index + contacts.length) });
  /** The first answer comes within minutes or hours, from some the next day. */
  const answer = (from: number, by: string) => {
    const slowness = Number(by.slice(-1)) * 9;
    if (index % 6 === 5) talk(from - 1, by);
    else talk(from, by, minuteOf(index) + 8 + slowness + ((index * 29) % 150));
  };
  const lose = (from: number, by: string, origin: AssignmentOrigin, kind: number): number => {
    if (kind < 0.45) {
      const isSilent = index % 3 === 0;
      if (!isSilent) talk(from, by);
      stays.push({ by, from, until: from - 4, origin, state: 'lostNoContact' });
      return from - 4;
    }
    answer(from, by);
    if (kind < 0.75) {
      for (let daysAgo = from - 3; daysAgo >= from - 15; daysAgo -= 3) talk(daysAgo, by);
      stays.push({ by, from, until: from - 16, origin, state: 'lostNoDeal' });
      return from - 16;
    }
    stays.push({ by, from, until: from - 3, origin, state: 'released', memo: pick(REASONS, index) });
    return from - 3;
  };

  let [by, from, origin]: [string, number, AssignmentOrigin] = [holder, entered, 'assigned'];
  const kind = strewn(index, 0.618034);
  if (way < 0.25) {
    from = lose(from, by, origin, kind) - 2;
    [by, origin] = [colleague(by, index), 'claimed'];
  } else if (way < 0.33) {
    answer(from, by);
    stays.push({ by, from, until: from - 3, origin, state: 'transferred', memo: '按校区调整' });
    [by, from, origin] = [colleague(by, index), from - 3, 'transferred'];
  }
  if (isWon) {
    answer(from, by);
    const until = from - 4 - Math.floor(strewn(index, 0.302776) * 8);
    for (let daysAgo = from - 3; daysAgo > until; daysAgo -= 3) talk(daysAgo, by);
    stays.push({ by, from, until, origin, state: 'won' });
  } else lose(from, by, origin, strewn(index, 0.645751));
  return { stays: stays as [Stay, ...Stay[]], contacts };
}
