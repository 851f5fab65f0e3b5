import { z } from 'zod';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';
import { defineSubject } from '../notices/define-subject.ts';

/** The roll call of a lesson. */
export const lessonSubject = defineSubject({
  entity: 'lesson',
  number: 5,
  path: (_, id) => (id ? `/lessons/${id}/attendance` : '/lessons'),
});
/** Sent to the student whose homework it is; staff who open it are led to the record. */
export const studyRecordSubject = defineSubject({
  entity: 'studyRecord',
  number: 7,
  path: (_, id) => (id ? `/portal/records/${id}` : '/portal'),
});

/** In the morning, for who gives the lesson. */
export const lessonToday = defineNotice({
  kind: 'lessonToday',
  title: '今天有课',
  urgent: true,
  data: z.object({ cohort: z.string(), lesson: z.string(), day: z.string() }),
  line: (d) => `${d.day}有课：${d.cohort} ${d.lesson}`,
  link: '去点名',
  template: {
    title: '上课提醒',
    id: 'Xc1lessonTodayQm7Yk2RvT0cLpZ8sWn4dHf6uJe3bG',
    fields: [
      ['thing', '班级', 'cohort'],
      ['thing', '课节', 'lesson'],
      ['thing', '日期', 'day'],
      ['thing', '说明', 'note'],
    ],
    values: ({ cohort, lesson, day }) => ({ cohort, lesson, day, note: '点开就能点名' }),
  },
  sample: { cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天' },
});

/** Scans and the lecturer's marks do not fit together. */
export const checkInDiffers = defineNotice({
  kind: 'checkInDiffers',
  title: '签到不一致',
  // The first rows of this kind had no day.
  data: z.object({
    cohort: z.string(),
    lesson: z.string(),
    day: z.string().default(''),
    names: z.array(z.string()),
  }),
  line: (d) => `${d.cohort} ${d.lesson}：签到和点名不一致`,
  more: (d) => [d.names.join('、')],
  link: '去核对',
  template: {
    of: lessonToday,
    values: ({ cohort, lesson, day, names }) => ({ cohort, lesson, day, note: `${names.length} 人签到和点名不一致` }),
  },
  sample: { cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天', names: ['科比', '王五'] },
});

/** One browser scanned several students in; one text for each browser. */
export const checkInShared = defineNotice({
  kind: 'checkInShared',
  title: '一部手机签到多人',
  data: z.object({
    cohort: z.string(),
    lesson: z.string(),
    day: z.string(),
    groups: z.array(z.string()),
    count: z.number(),
  }),
  line: (d) => `${d.cohort} ${d.lesson}：有 ${d.count} 人用同一部手机扫码签到`,
  more: (d) => [...d.groups, '是帮忙扫的还是没来，核对一下'],
  link: '去核对',
  template: {
    of: lessonToday,
    values: ({ cohort, lesson, day, count }) => ({ cohort, lesson, day, note: `${count} 人用同一部手机签到` }),
  },
  sample: { cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天', groups: ['科比、王五'], count: 2 },
});

/** In the evening: the roll of a lesson of the day was not called. */
export const rollCallMissing = defineNotice({
  kind: 'rollCallMissing',
  title: '还没点名',
  data: z.object({ cohort: z.string(), lesson: z.string(), day: z.string() }),
  line: (d) => `${d.cohort} ${d.lesson}还没点名`,
  more: (d) => [`${d.day}的课，都到了就回复「全到」`],
  link: '去点名',
  template: {
    of: lessonToday,
    values: ({ cohort, lesson, day }) => ({ cohort, lesson, day, note: '还没点名，点开补上' }),
  },
  sample: { cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天' },
});

/** Homework that came after it was graded. */
export const handedInLate = defineNotice({
  kind: 'handedInLate',
  title: '批改后补交',
  data: z.object({
    student: z.string(),
    cohort: z.string(),
    lesson: z.string(),
    day: z.string(),
    score: z.string(),
  }),
  line: (d) => `${d.student}批改后补交了作业`,
  more: (d) => [`${d.cohort} ${d.lesson} · 已给成绩 ${d.score}，看了可以改`],
  link: '看作业',
  template: {
    of: lessonToday,
    values: ({ cohort, lesson, day, student }) => ({ cohort, lesson, day, note: `${student}批改后补交了作业` }),
  },
  sample: { student: '科比', cohort: 'Python全栈(9期)', lesson: '第 3 节', day: '今天', score: 'B' },
});

/** For the student, once for each score. */
export const homeworkGraded = defineNotice({
  kind: 'homeworkGraded',
  title: '作业批好',
  data: z.object({ cohort: z.string(), lesson: z.string(), score: z.string() }),
  line: (d) => `作业批好了：${d.cohort} ${d.lesson}`,
  more: (d) => [`成绩 ${d.score}`],
  link: '看批改',
  template: {
    title: '作业批改通知',
    id: 'Xc2homeworkZ8sWn4dHf6uJe3bGx9oQm7Yk2RvT0cLp',
    fields: [
      ['thing', '班级', 'cohort'],
      ['thing', '课节', 'lesson'],
      ['thing', '成绩', 'score'],
    ],
    values: ({ cohort, lesson, score }) => ({ cohort, lesson, score, note: '点开看批改' }),
  },
  sample: { cohort: 'Python全栈(9期)', lesson: '第 3 节', score: 'B+' },
});

/** What happens around lessons. */
export const teachingNotices: Declared = {
  notices: [lessonToday, checkInDiffers, checkInShared, rollCallMissing, handedInLate, homeworkGraded],
  subjects: [lessonSubject, studyRecordSubject],
};
