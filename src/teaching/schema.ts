import { z } from 'zod';
import { choice } from '../customers/index.ts';
import { blank, clearable, Id, Ids, line, nameField, Phone, paragraph } from '../kernel/normal/fields.ts';
import { isSchoolDay } from '../kernel/school-time.ts';
import { ATTENDANCES, LESSONS_AHEAD, readScore } from './choices.ts';

export const Day = z.string('日期写成 2026-11-24 这样').trim().refine(isSchoolDay, '日期写成 2026-11-24 这样');

/** An amount in yuan with at most two decimals. */
export const Money = z.preprocess(
  (value) => (value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value),
  z.coerce
    .number('请填金额，写数字')
    .min(0, '金额不能小于 0')
    .max(99_999_999, '金额太大')
    .refine((amount) => Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6, '金额最多两位小数'),
);

const Flag = z.preprocess(
  (value) => (value === 'true' || value === 'on' ? true : value === 'false' ? false : value),
  z.boolean('选是或否'),
);

const attendanceIds = new Map<string, keyof typeof ATTENDANCES>(
  (Object.keys(ATTENDANCES) as (keyof typeof ATTENDANCES)[]).flatMap((id) => [
    [id, id],
    [ATTENDANCES[id], id],
  ]),
);

/** An attendance by its id or its Chinese label; 到 and 签到 are present too. */
export const AttendanceInput = z.string('请选考勤').transform((text, context): keyof typeof ATTENDANCES => {
  const id = attendanceIds.get(text.trim()) ?? (/^(到|签到)$/.test(text.trim()) ? 'present' : undefined);
  if (id) return id;
  context.addIssue({ code: 'custom', message: '考勤选已签到、请假、迟到、缺勤或早退' });
  return z.NEVER;
});

/** A score by its number or its letters. */
export const ScoreInput = z
  .union([z.number(), z.string()], '分数写 A+、A、B+ … D、N/A、COPY 或 FAIL')
  .transform((written, context): number => {
    const score = readScore(written);
    if (score !== null) return score;
    context.addIssue({ code: 'custom', message: '分数写 A+、A、B+ … D、N/A、COPY 或 FAIL' });
    return z.NEVER;
  });

export const CampusInput = z.object({
  name: nameField('名称', 30),
  address: clearable(line('地址', 100)),
});
export type CampusInput = z.output<typeof CampusInput>;
export const CampusEdit = CampusInput.partial();

export const CourseInput = z.object({
  name: nameField('名称', 40),
  outline: clearable(paragraph('大纲', 20_000)),
  weeks: clearable(z.coerce.number('周数是数字').int('周数是整数').min(1, '至少 1 周').max(200, '最多 200 周')),
  listPrice: clearable(Money),
  lecturerIds: Ids.optional(),
  active: blank(Flag.optional()),
});
export type CourseInput = z.output<typeof CourseInput>;
export const CourseEdit = CourseInput.partial();
export type CourseEdit = z.output<typeof CourseEdit>;

export const CohortInput = z.object({
  campusId: Id,
  courseId: Id,
  term: z.coerce.number('期数是数字').int('期数是整数').min(1, '期数从 1 开始').max(9999, '期数太大'),
  price: clearable(Money),
  startsOn: clearable(Day),
  graduatesOn: clearable(Day),
  lecturerIds: Ids.optional(),
  tutorId: clearable(Id),
  memo: clearable(paragraph('备注', 2000)),
});
export type CohortInput = z.output<typeof CohortInput>;
/** `lessonsAhead`: what becomes of replaced lecturers' lessons to come; they move where nothing is said. */
export const CohortEdit = CohortInput.partial().extend({
  lessonsAhead: blank(choice(LESSONS_AHEAD, '以后的课').optional()),
});
export type CohortEdit = z.output<typeof CohortEdit>;

export const LessonInput = z.object({
  cohortId: Id,
  number: z.coerce.number('节次是数字').int('节次是整数').min(1, '节次从 1 开始').max(9999, '节次太大'),
  date: blank(Day.optional()),
  lecturerId: blank(Id.optional()),
  title: clearable(line('标题', 60)),
  content: clearable(paragraph('内容', 5000)),
  hasHomework: blank(Flag.optional()),
  homeworkTitle: clearable(line('作业标题', 60)),
  homeworkText: clearable(paragraph('作业要求', 5000)),
  gradingPoints: clearable(paragraph('评分标准', 2000)),
});
export type LessonInput = z.output<typeof LessonInput>;
export const LessonEdit = LessonInput.partial();
export type LessonEdit = z.output<typeof LessonEdit>;

/** The roll call's exceptions; `seen` is what the marker had before their eyes, so that nothing is overwritten unseen. */
export const MarkAttendance = z.object({
  marks: z
    .array(
      z.object({ studentId: Id, attendance: AttendanceInput, seen: AttendanceInput.optional() }),
      '考勤要给一个列表',
    )
    .max(2000, '一次最多 2000 位'),
});
export type MarkAttendance = z.output<typeof MarkAttendance>;

const Comment = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
  paragraph('评语', 2000).nullable(),
);

/** A class's scores; what is left out stays. `seen` and `seenComment` are what the grader had before their eyes. */
export const SaveScores = z.object({
  scores: z
    .array(
      z.object({
        studentId: Id,
        score: ScoreInput,
        comment: Comment.optional(),
        seen: ScoreInput.optional(),
        seenComment: Comment.optional(),
      }),
      '成绩要给一个列表',
    )
    .max(2000, '一次最多 2000 位'),
});
export type SaveScores = z.output<typeof SaveScores>;

export const StudentInput = z.object({
  name: nameField('姓名', 30),
  username: z
    .string('请填写用户名')
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/, '用户名用 2 到 32 个小写字母、数字、点、横线'),
  phone: clearable(Phone),
  email: clearable(z.email('邮箱写成 name@example.com 这样')),
  cohortIds: Ids.optional(),
  joinedOn: blank(Day.optional()),
  password: blank(z.string().min(10, '密码至少 10 位').max(128, '密码最多 128 位').optional()),
});
export type StudentInput = z.output<typeof StudentInput>;
export const StudentEdit = StudentInput.omit({ password: true }).partial();
export type StudentEdit = z.output<typeof StudentEdit>;

export const JoinCohort = z.object({ cohortId: Id, joinedOn: blank(Day.optional()) });
export const LeaveCohort = z.object({ cohortId: Id, leftOn: blank(Day.optional()) });

export const VoidLesson = z.object({ reason: line('原因', 200) });

export const StudyRecordInput = z.object({
  lessonId: Id,
  studentId: Id,
  attendance: blank(AttendanceInput.optional()),
  score: ScoreInput.optional(),
  comment: Comment.optional(),
});
export type StudyRecordInput = z.output<typeof StudyRecordInput>;
export const StudyRecordEdit = StudyRecordInput.partial();
export type StudyRecordEdit = z.output<typeof StudyRecordEdit>;

/** What a student writes beside the homework. */
export const HandIn = z.object({ memo: blank(paragraph('留言', 500).optional()) });
