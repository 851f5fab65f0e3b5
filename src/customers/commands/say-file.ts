import { type SchoolDay, sayDay, sayDaysAgo } from '../../kernel/school-time.ts';
import { ASSIGNMENT_STATES, EDUCATIONS, EXPERIENCES, GENDERS, POOL_REASONS, SOURCES, STATUSES } from '../choices.ts';
import type { CustomerRow } from '../present.ts';
import type { CustomerFile } from '../queries.ts';
import { sayCourses } from './say-customer.ts';

/** Python全栈 · 普通本科 · 百度推广 */
export function sayFacts({ courses, gender, education, experience, source }: CustomerRow): string {
  return [
    sayCourses(courses.map(({ name }) => name)),
    gender && GENDERS[gender],
    education && EDUCATIONS[education],
    experience && EXPERIENCES[experience],
    SOURCES[source],
  ]
    .filter(Boolean)
    .join(' · ');
}

/** 王小雨 · 未报名 · 正在跟进 */
export function sayTitle({ row, state }: CustomerFile): string {
  const place = row.poolReason ? `公海（${POOL_REASONS[row.poolReason]}）` : row.consultant?.name;
  const won = row.status === 'enrolled' || !row.consultant || !state ? null : ASSIGNMENT_STATES[state];
  return [row.name, STATUSES[row.status], won, place].filter(Boolean).join(' · ');
}

/** 接单 11-18 · 最后跟进 昨天 · 下次联系 周五 11-27 */
export function sayDates({ receivedOn, lastContactedOn, nextContactOn }: CustomerRow, today: SchoolDay): string {
  return [
    `接单 ${sayDay(receivedOn, today)}`,
    `最后跟进 ${sayDaysAgo(lastContactedOn, today)}`,
    nextContactOn && `下次联系 ${sayDay(nextContactOn, today)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
