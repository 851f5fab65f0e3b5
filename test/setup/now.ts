import { createSchoolTime, type SchoolDay } from '../../src/kernel/school-time.ts';

const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * The one moment the whole suite takes for now, ISO with offset: schools in the test's process stand still at it,
 * services started as processes begin at it and run on. No test takes the machine's hour or date. Another one is pretended
 * by the environment, `TEST_NOW=2028-02-29T01:59:00+08:00 npx vitest run FILE`; `.ci/hours` lists the files that hold then.
 */
export const TEST_NOW: string = process.env.TEST_NOW || '2026-11-21T14:30:00+08:00';

if (!OFFSET.test(TEST_NOW) || Number.isNaN(Date.parse(TEST_NOW)))
  throw new Error(`TEST_NOW is ${TEST_NOW}; expected a time with offset such as 2026-11-21T14:30:00+08:00`);

/** The school's time, as the service has it by default. */
export const testTime = createSchoolTime('Asia/Shanghai');

/** The school day of TEST_NOW. */
export const TEST_DAY: SchoolDay = testTime.dayOf(new Date(TEST_NOW));
