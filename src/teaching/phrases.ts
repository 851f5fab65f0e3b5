import { defineRefusals, Refusal } from '../kernel/refusal.ts';
import { spaced } from '../kernel/spaced.ts';

type Conflict = { name: string; now: string; mine: string; by: string | null };

/** 科比：吴静标了缺勤，你标的是迟到 */
export function sayConflict({ name, now, mine, by }: Conflict): string {
  return `${name}：${by ?? '别人'}改成了${now}，你标的是${mine}`;
}

/** 周五 11-27 reads with a blank before the sentence goes on. */
const spacedDay = (day: string) => (/\d$/.test(day) ? ` ${day} ` : day);

const MOST_NAMED = 5;

function list(names: readonly string[]): string {
  return names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join('、')}等 ${names.length} 位` : names.join('、');
}

/** Everything teaching refuses. */
export const refuse = defineRefusals({
  not_your_cohort: {
    status: 403,
    say: (p: { cohort: string; what: string; by?: string | null }) =>
      p.by
        ? `${p.cohort} ${p.by}，只有上这节课的、这个班的讲师和班主任能${p.what}`
        : `${p.cohort}不是你带的班，只有这个班的讲师和班主任能${p.what}`,
  },
  not_yet: {
    status: 409,
    say: (p: { number: number; day: string; what: string }) =>
      `第 ${p.number} 节是${spacedDay(p.day)}的课，到那天才能${p.what}，没有改动`,
  },
  lesson_void: {
    status: 409,
    say: (p: { number: number; date: string; reason: string }) =>
      `${p.date.slice(5)} 的第 ${p.number} 节作废了（${p.reason}），记录都还在，不再改动`,
  },
  lesson_taught: {
    status: 409,
    say: (p: { number: number; count: number }) =>
      `第 ${p.number} 节已经点过名或有人签到（${p.count} 条记录），不能删除。上错了的课请班主任「作废」，记录会留着`,
  },
  lesson_moved: {
    status: 409,
    say: (p: { number: number }) => `第 ${p.number} 节已经点过名或有人签到，日期不能改到今天以后`,
  },
  only_tutor_voids: {
    status: 403,
    say: (p: { cohort: string; tutor: string | null }) =>
      `作废要由${p.tutor ? `班主任${p.tutor}` : `${p.cohort}的班主任`}或管理员来做`,
  },
  already_joined: {
    status: 409,
    say: (p: { name: string; cohort: string; joinedOn: string }) =>
      `${p.name}从 ${p.joinedOn} 起就在${p.cohort}了，没有改动`,
  },
  stay_overlaps: {
    status: 409,
    say: (p: { name: string; cohort: string; joinedOn: string; leftOn: string }) =>
      `${p.name} ${p.joinedOn} 到 ${p.leftOn} 已经在${p.cohort}，再入班的日期填 ${p.leftOn} 或以后`,
  },
  left_before_joined: {
    status: 409,
    say: (p: { name: string; cohort: string; joinedOn: string }) =>
      `${p.name} ${p.joinedOn} 才进${p.cohort}，最后一天不能更早`,
  },
  too_many_files: { status: 409, say: (p: { most: number }) => `一次作业最多 ${p.most} 个文件，先删一个再传` },
  files_too_large: { status: 413, say: () => '这次作业加起来超过 30 MB 了，先删一个或压缩一下再传' },
  attendance_conflict: {
    status: 409,
    say: (p: { conflicts: readonly Conflict[] }) =>
      `${p.conflicts.slice(0, MOST_NAMED).map(sayConflict).join('；')}。看一下再保存，这次没有改动`,
  },
  scores_changed: {
    status: 409,
    say: (p: { conflicts: readonly Conflict[] }) =>
      `${p.conflicts.slice(0, MOST_NAMED).map(sayConflict).join('；')}。看一下再保存，这次没有改动`,
  },
  not_in_lesson: {
    status: 422,
    say: (p: { names: readonly string[] }) => `${spaced(list(p.names))}不在这节课的名单里，没有改动`,
  },
  lesson_number_taken: {
    status: 409,
    say: (p: { cohort: string; number: number }) => `${p.cohort}已经有第 ${p.number} 节课了，换一个节次`,
  },
  no_such_lecturer: { status: 422, say: () => '有一位讲师不在职或不存在，重新选一下' },
  no_such_cohort: { status: 422, say: () => '没有这个班级，重新选一下' },
  lesson_in_use: {
    status: 409,
    say: (p: { count: number }) => `这节课已经有 ${p.count} 条考勤、成绩或作业，不能删除`,
  },
  record_in_use: { status: 409, say: () => '这条学习记录已经点过名、有成绩或作业，或者本人扫过码，不能删除' },
  record_known: { status: 409, say: (p: { name: string }) => `${p.name}在这节课已经有学习记录了` },
  name_taken: { status: 409, say: (p: { what: string; name: string }) => `已经有一个叫${p.name}的${p.what}了` },
  cohort_known: { status: 409, say: (p: { name: string }) => `这个校区已经有${p.name}了` },
  campus_in_use: { status: 409, say: (p: { count: number }) => `这个校区还有 ${p.count} 个班级或员工，不能删除` },
  course_in_use: { status: 409, say: () => '这门课已经开过班或有人咨询，停用它而不是删除' },
  cohort_in_use: { status: 409, say: () => '这个班级已经有学员、课程或缴费，不能删除' },
  student_in_use: {
    status: 409,
    say: (p: { name: string }) => `${p.name}已经有学习记录或缴费，不能删除，可以请他离班`,
  },
  not_in_cohort: { status: 409, say: (p: { name: string; cohort: string }) => `${p.name}不在${p.cohort}` },
  no_homework: { status: 409, say: () => '这节课没有作业' },
  graded_already: { status: 409, say: () => '这份作业已经批过了，不能再改。有问题找讲师' },
  no_file: { status: 422, say: () => '先选一个文件再交' },
  unsupported_file: {
    status: 415,
    say: () => '这种文件收不了，可以交图片、PDF、Office 文档、代码、压缩包、录音或录像，不收能直接运行的程序',
  },
  nothing_handed_in: { status: 404, say: () => '还没有人交作业' },
  code_old: { status: 403, say: () => '这个二维码已经换了，对着屏幕再扫一次' },
  check_in_closed: { status: 403, say: () => '这节课现在不能扫码签到，请找讲师' },
  not_a_student: { status: 403, say: () => '扫码签到是给学员用的，你的账号不是学员' },
  no_portal: { status: 403, say: () => '这里是学员看自己学习的地方，你的账号不是学员' },
  not_your_lesson: { status: 403, say: () => '你不在这个班的名单里，请找班主任' },
  check_in_not_open: { status: 409, say: () => '还没有打开扫码签到' },
});

/** The same refusal with a sentence for each student, for the page to show beside the name. */
export function perStudent(
  { code, status, message }: Refusal,
  conflicts: readonly { studentId: number; now: string; by: string | null }[],
): Refusal {
  const fields = conflicts.map(({ studentId, now, by }) => [String(studentId), `${by ?? '别人'}改成了${now}`]);
  return new Refusal(code, status, message, Object.fromEntries(fields));
}
