import { readNumeral } from '../chat/numerals.ts';
import { halfWidth, visible } from '../kernel/normal/text.ts';
import { EDUCATIONS, EXPERIENCES, findChoice, GENDERS, SOURCES, WORK_STATUSES } from './choices.ts';

const LISTS = {
  gender: GENDERS,
  education: EDUCATIONS,
  experience: EXPERIENCES,
  workStatus: WORK_STATUSES,
  source: SOURCES,
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A field that is one of a list. */
export type ChoiceField = keyof typeof LISTS;

/** What people write for an entry of a list besides its label. */
const WORDS: { readonly [F in ChoiceField]: Partial<Record<keyof (typeof LISTS)[F] & string, readonly string[]>> } = {
  gender: {
    male: ['男性', '男生', '男士', '先生', 'm', 'man', 'boy'],
    female: ['女性', '女生', '女士', '小姐', 'f', 'woman', 'girl'],
  },
  education: {
    keyUniversity: ['985', '211', '985/211', '双一流', '重点本科', '一本'],
    regularUniversity: ['本科', '大学', '大学本科', '统招本科', '全日制本科', '本科生', '学士', '二本', '公办本科'],
    independentCollege: ['独立学院', '三本'],
    juniorCollege: ['专科', '大学专科', '高职', '大专生', '统招大专', '全日制大专'],
    highSchool: ['高中生', '普高'],
    other: ['其它'],
  },
  experience: {
    inSchool: ['在校', '学生', '在读', '大一', '大二', '大三', '大四'],
    freshGraduate: ['应届', '应届生', '应届毕业生', '刚毕业', '毕业生'],
  },
  workStatus: {
    employed: ['在岗', '上班', '工作中', '已就业', '全职', '是'],
    unemployed: ['离职', '待业', '失业', '未就业', '求职中', '没工作', '否'],
  },
  source: {
    qqGroup: ['qq', 'qq交流群'],
    internalReferral: ['转介绍', '老学员介绍', '学员介绍', '朋友介绍', '熟人介绍', '口碑'],
    website: ['官网', '网站'],
    baidu: ['百度搜索', '百度竞价'],
    so360: ['360搜索'],
    sogou: ['搜狗搜索'],
    campusTalk: ['宣讲会', '校园宣讲'],
    other: ['其他'],
  },
};

/**
 * The entry of a list that somebody means, as chat reads it: its label, its id, the beginning of one label only, or what
 * people write for it (百度, 本科, 3年). Null where none is meant.
 */
export function readChoice(field: ChoiceField, said: string): string | null {
  const wanted = plain(said);
  // 三年 is a number of years before it is the beginning of 三年至五年.
  const years = field === 'experience' ? readYears(wanted) : null;
  const found = years ?? findChoice(LISTS[field], wanted);
  if (found !== null) return found;
  const words: Readonly<Record<string, readonly string[] | undefined>> = WORDS[field];
  return Object.entries(words).find(([, others]) => others?.includes(wanted))?.[0] ?? null;
}

const NUMBER = '(\\d+(?:\\.\\d+)?|[一二两三四五六七八九十]+)';
const YEARS = RegExp(
  `^(?:${NUMBER}[年月]?[-~–—至到])?${NUMBER}个?(年|月)(半)?(?:多|左右)?(以上)?(?:的?工作)?(?:经验|经历)?$`,
);

/** Years or months of work: 3年, 三年, 1-3年, 6个月, 半年, 一年半, 5年以上. A span goes by its end. */
function readYears(said: string): keyof typeof EXPERIENCES | null {
  const [, , number = '', unit, half, above] = YEARS.exec(said.replace(/^半年/, '6月')) ?? [];
  const count = /^\d/.test(number) ? Number(number) : readNumeral(number);
  if (unit === undefined || count === null) return null;
  const years = (unit === '月' ? count / 12 : count) + (half ? 0.5 : 0) + (above ? 0.01 : 0);
  if (years <= 0.5) return 'underHalfYear';
  if (years <= 1) return 'halfToOneYear';
  if (years <= 3) return 'oneToThreeYears';
  return years <= 5 ? 'threeToFiveYears' : 'overFiveYears';
}

function plain(text: string): string {
  return halfWidth(visible(text)).replace(/\s+/g, '').toLowerCase();
}
