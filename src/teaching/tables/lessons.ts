import type { z } from 'zod';
import { rowScope } from '../../access/access.ts';
import type { Attendance, Prisma } from '../../generated/prisma/client.ts';
import { addDays, dayFromDb } from '../../kernel/school-time.ts';
import { type ActionDone, defineTable, type Table, type TableAction } from '../../web/define-table.ts';
import { escapeHtml } from '../../web/render.ts';
import { ATTENDANCES, SCORE_CHOICES, sayScore } from '../choices.ts';
import { asNamed, cohortNamed, nameLesson } from '../cohort-name.ts';
import { addLesson, editLesson, removeLesson, voidLesson } from '../edit-lessons.ts';
import { addRecord, editRecord, markRecords, recordsByLesson, removeRecord } from '../edit-records.ts';
import { ahead, lecturerAway, UNCALLED_DAYS } from '../lessons-ahead.ts';
import { openAttendance } from '../open-attendance.ts';
import { LessonEdit, LessonInput, StudyRecordEdit, StudyRecordInput, VoidLesson } from '../schema.ts';
import { readLessonTimeline, readRecordTimeline } from '../timeline.ts';
import { lessonsOf } from '../visibility.ts';
import { cohortOptions, lecturerOptions, lessonOptions, studentOptions } from './options.ts';

type Named = { id: number; name: string };

const lessonInclude = {
  cohort: { select: { ...cohortNamed.select, tutorId: true } },
  lecturer: { select: { id: true, name: true, active: true, staff: { select: { onLeaveUntil: true } } } },
  _count: { select: { records: true } },
} as const satisfies Prisma.LessonInclude;
type LessonRow = Prisma.LessonGetPayload<{ include: typeof lessonInclude }>;

/** 上课记录: lecturers and tutors see and change those of their own cohorts. */
export const lessonsTable: Table = defineTable({
  id: 'lessons',
  title: '上课记录',
  unit: '节',
  model: 'lesson',
  include: lessonInclude,
  fields: [
    {
      name: 'cohort',
      title: '班级',
      kind: 'relation',
      sort: (direction) => ({ cohort: { course: { name: direction } } }),
      filter: true,
      inForm: true,
      options: cohortOptions,
    },
    { name: 'number', title: '节次', kind: 'number', sort: true, filter: true, inForm: true },
    { name: 'date', title: '日期', kind: 'day', sort: true, filter: true, inForm: true, hint: '不填就是今天' },
    { name: 'title', title: '标题', kind: 'text', inForm: true },
    {
      name: 'lecturer',
      title: '讲师',
      kind: 'relation',
      filter: true,
      inForm: true,
      options: lecturerOptions,
      hint: '不填就是你自己，或这个班的第一位讲师',
    },
    { name: 'students', title: '已点名', kind: 'number' },
    { name: 'hasHomework', title: '有作业', kind: 'flag', filter: true, inForm: true, initial: true },
    { name: 'content', title: '内容', kind: 'longText', inList: false, inForm: true },
    { name: 'homeworkTitle', title: '作业', kind: 'text', inList: false, inForm: true },
    { name: 'homeworkText', title: '作业要求', kind: 'longText', inList: false, inForm: true },
    { name: 'gradingPoints', title: '评分标准', kind: 'longText', inList: false, inForm: true },
    { name: 'openedAt', title: '开名单', kind: 'instant', inList: false },
    { name: 'calledAt', title: '点名时间', kind: 'instant', inList: false },
    {
      name: 'called',
      title: '点过名',
      kind: 'flag',
      inList: false,
      inRecord: false,
      filter: (values) => ({ calledAt: values.includes('true') ? { not: null } : null }),
    },
    {
      name: 'lecturerAway',
      title: '讲师不在',
      kind: 'flag',
      inList: false,
      filter: (_, { today }) => ({ ...ahead(today), lecturer: lecturerAway(today) }),
    },
    {
      name: 'voided',
      title: '作废',
      kind: 'flag',
      inList: false,
      filter: (values) => ({ voidedAt: values.includes('true') ? { not: null } : null }),
    },
    { name: 'voidReason', title: '作废原因', kind: 'text', inList: false },
  ],
  visible: ({ actor }) => lessonsOf(actor, 'lessons.list'),
  search: (q) => ({
    OR: [{ title: { contains: q } }, { cohort: { course: { name: { contains: q, mode: 'insensitive' } } } }],
  }),
  defaultSort: '-date,-id',
  present: (row, { actor, today }) => {
    const { cohort, lecturer, _count, date, cohortId, lecturerId, checkInSecret, version, ...lesson } =
      row as unknown as LessonRow;
    const day = dayFromDb(date);
    const leave = lecturer?.staff?.onLeaveUntil;
    const isAhead = day >= today && lesson.calledAt === null && lesson.voidedAt === null;
    return {
      ...lesson,
      called: lesson.calledAt !== null,
      voided: lesson.voidedAt !== null,
      mayVoid: lesson.voidedAt === null && (cohort.tutorId === actor.id || rowScope(actor, 'lessons.void') !== 'own'),
      lecturer: lecturer && { id: lecturer.id, name: lecturer.name },
      lecturerAway: isAhead && lecturer !== null && (!lecturer.active || (leave ? dayFromDb(leave) >= day : false)),
      cohort: asNamed(cohort),
      date: day,
      students: _count.records,
    };
  },
  nameOf: ({ cohort, number, voided }) =>
    `${(cohort as Named).name} ${nameLesson({ number: Number(number) })}${voided ? '（作废）' : ''}`,
  card: ({ date, title, lecturer, lecturerAway, students, calledAt, openedAt, voidReason }) => [
    [String(date).slice(5), title].filter(Boolean).join(' · '),
    voidReason
      ? `作废：${voidReason}`
      : [
          (lecturer as Named | null)?.name,
          lecturerAway ? '讲师不在' : '',
          calledAt ? `已点名 ${students} 人` : openedAt ? `名单开好了 ${students} 人，还没点名` : '还没点名',
        ]
          .filter(Boolean)
          .join(' · '),
  ],
  add: { title: '加一节课', button: '加上', input: LessonInput, run: addLesson },
  edit: { input: LessonEdit, run: editLesson },
  remove: { run: removeLesson },
  actions: [
    {
      name: 'open-attendance',
      title: '初始化考勤',
      permission: 'lessons.attendance',
      offered: ({ voided }) => voided === false,
      run: async (scope, id) => {
        const { created } = await openAttendance(scope, { lessonIds: [id] });
        return { message: created > 0 ? `开好了，新建 ${created} 条` : '本来就开好了，没有新的', created };
      },
      sum: (done, rows) => {
        const created = total(done, 'created');
        const message = created > 0 ? `开好了 ${rows} 节课，新建 ${created} 条` : '本来就都开好了，没有新的';
        return { message, created };
      },
    },
    {
      // Not `void`: /lessons/:id/void would take its address.
      name: 'make-void',
      title: '作废',
      permission: 'lessons.void',
      danger: true,
      input: VoidLesson,
      fields: [
        {
          name: 'reason',
          title: '原因',
          kind: 'text',
          hint: '记录都留着，但不算进出勤、成绩和名次；这个节次可以再用',
        },
      ],
      offered: ({ mayVoid, openedAt, calledAt }) => mayVoid === true && (openedAt !== null || calledAt !== null),
      run: async (scope, lessonId, input) => {
        const { reason } = input as z.output<typeof VoidLesson>;
        await voidLesson(scope, { lessonId, reason });
        return { message: '作废了，记录都还在' };
      },
      sum: (_, rows) => ({ message: `${rows} 节课作废了，记录都还在` }),
    },
  ],
  recordLinks: ({ id, hasHomework, students, voided }) => [
    ...(voided
      ? []
      : [
          { title: '点名', href: `/lessons/${id}/attendance`, permission: 'lessons.attendance', primary: true },
          { title: '成绩', href: `/lessons/${id}/scores`, permission: 'lessons.scores' },
          { title: '扫码签到', href: `/lessons/${id}/check-in`, permission: 'lessons.attendance' },
        ]),
    ...(Number(students) > 0 ? [{ title: '学习记录', href: `/study-records?lessonId=${id}` }] : []),
    ...(hasHomework && !voided
      ? [{ title: '下载作业', href: `/lessons/${id}/homework.zip`, permission: 'lessons.scores' }]
      : []),
  ],
  presets: [
    { title: '今天', query: ({ today }) => `date=${today}&voided=false` },
    {
      title: '没点名',
      query: ({ today }) => `date=${addDays(today, -UNCALLED_DAYS)}..${today}&called=false&voided=false`,
    },
    { title: '讲师不在的课', query: () => 'lecturerAway=true&sort=date' },
  ],
  timeline: readLessonTimeline,
  empty: '还没有上课记录，先加一节课',
});

const recordInclude = {
  lesson: { select: { id: true, number: true, date: true, cohort: cohortNamed } },
  student: { select: { id: true, person: { select: { name: true } } } },
  files: { select: { id: true, name: true, size: true }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.StudyRecordInclude;
type RecordRow = Prisma.StudyRecordGetPayload<{ include: typeof recordInclude }>;

/** What each of several did, added up: how many records. */
function total(done: readonly ActionDone[], what: string): number {
  return done.reduce((sum, one) => sum + Number(one[what] ?? 0), 0);
}

/** A lesson's marks are one roll call: its differences from who scanned in are asked about once, when all are in. */
function markAction(attendance: Attendance, title: string): TableAction {
  return {
    name: `mark-${attendance === 'leftEarly' ? 'left-early' : attendance}`,
    title,
    permission: 'lessons.attendance',
    together: recordsByLesson,
    runTogether: async (scope, ids) => ({ message: title, changed: await markRecords(scope, ids, attendance) }),
    sum: (done) => {
      const changed = total(done, 'changed');
      return { message: changed > 0 ? `${changed} 条改成了${title}` : `本来就都是${title}`, changed };
    },
  };
}

/** 学习记录: one for each lesson and student. */
export const studyRecordsTable: Table = defineTable({
  id: 'study-records',
  title: '学习记录',
  model: 'studyRecord',
  include: recordInclude,
  fields: [
    {
      name: 'student',
      title: '学员',
      kind: 'relation',
      filter: true,
      inForm: true,
      options: studentOptions,
      sort: (direction) => ({ student: { person: { name: direction } } }),
    },
    {
      name: 'cohort',
      title: '班级',
      kind: 'relation',
      options: cohortOptions,
      filter: (values) => ({ lesson: { cohortId: { in: values.map(Number) } } }),
    },
    {
      name: 'lesson',
      title: '课',
      kind: 'relation',
      filter: true,
      inForm: true,
      options: lessonOptions,
      sort: (direction) => ({ lesson: { number: direction } }),
    },
    {
      name: 'date',
      title: '日期',
      kind: 'day',
      sort: (direction) => ({ lesson: { date: direction } }),
    },
    { name: 'attendance', title: '考勤', kind: 'choice', choices: ATTENDANCES, filter: true, sort: true, inForm: true },
    {
      name: 'score',
      title: '成绩',
      kind: 'choice',
      choices: SCORE_CHOICES,
      sort: true,
      inForm: true,
      filter: (values) => ({ score: { in: values.map(Number) } }),
    },
    { name: 'comment', title: '评语', kind: 'longText', inForm: true },
    { name: 'homework', title: '作业', kind: 'text', inForm: false, cell: homeworkCell },
    { name: 'studentMemo', title: '学员留言', kind: 'longText', inList: false },
    { name: 'handedInAt', title: '交作业', kind: 'instant', sort: true, filter: true, inList: false },
    { name: 'gradedAt', title: '批改', kind: 'instant', sort: true, inList: false },
  ],
  visible: ({ actor }) => ({ lesson: lessonsOf(actor, 'study-records.list') }),
  search: (q) => ({ student: { person: { name: { contains: q } } } }),
  defaultSort: '-date,id',
  present: (row) => {
    const { id, lesson, student, files, ...record } = row as unknown as RecordRow;
    return {
      id,
      student: { id: student.id, name: student.person.name },
      cohort: asNamed(lesson.cohort),
      lesson: { id: lesson.id, name: nameLesson(lesson) },
      date: dayFromDb(lesson.date),
      attendance: record.attendance,
      score: record.score,
      comment: record.comment,
      homework: files,
      studentMemo: record.studentMemo,
      handedInAt: record.handedInAt,
      gradedAt: record.gradedAt,
    };
  },
  nameOf: ({ student, lesson }) => `${(student as Named).name} ${(lesson as Named).name}`,
  card: ({ cohort, attendance, score }) => [
    (cohort as Named).name,
    `${ATTENDANCES[attendance as Attendance]} · ${sayScore(Number(score))}`,
  ],
  add: { title: '加一条学习记录', button: '加上', input: StudyRecordInput, run: addRecord },
  edit: { input: StudyRecordEdit, run: editRecord },
  remove: { run: removeRecord },
  actions: [
    markAction('late', '迟到'),
    markAction('absent', '缺勤'),
    markAction('excused', '请假'),
    markAction('leftEarly', '早退'),
    markAction('present', '已签到'),
  ],
  recordLinks: ({ lesson }) => [
    { title: '点名', href: `/lessons/${(lesson as Named).id}/attendance`, permission: 'lessons.attendance' },
    { title: '成绩', href: `/lessons/${(lesson as Named).id}/scores`, permission: 'lessons.scores' },
  ],
  timeline: readRecordTimeline,
  empty: '还没有学习记录，先给一节课初始化考勤',
});

/** Each file by its name. */
function homeworkCell({ id, homework }: Record<string, unknown>): string {
  return (homework as Named[])
    .map((file) => `<a href="/study-records/${Number(id)}/files/${file.id}" download>${escapeHtml(file.name)}</a>`)
    .join(' ');
}
