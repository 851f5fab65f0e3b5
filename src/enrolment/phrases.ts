import { defineRefusals } from '../kernel/refusal.ts';

/** Everything enrolment refuses. */
export const refuse = defineRefusals({
  already_enrolled: {
    status: 409,
    say: (p: { name: string }) => `${p.name}已经报过名了，再交的费请管理员记在「缴费」里`,
  },
  not_your_customer: {
    status: 403,
    say: (p: { name: string; holder: string }) => `${p.name}由${p.holder}负责，只有${p.holder}或管理员能报名`,
  },
  changed_meanwhile: { status: 409, say: (p: { name: string }) => `${p.name}刚才又有变动，没有报名，看一眼再试` },
  no_such_cohort: { status: 422, say: () => '没有这个班级，重新选一下' },
  cohort_over: { status: 409, say: (p: { cohort: string }) => `${p.cohort}已经结业，选一个在读的班` },
  which_cohort: {
    status: 422,
    say: ({ n, names }: { n: string | undefined; names: readonly string[] }) =>
      names.length > 0
        ? `报哪个班？可以报${names.join('、')}。写成「报名 ${n ?? 1} ${names[0]} 19800」这样`
        : '现在没有可以报的班，请管理员先开班',
  },
  how_much: { status: 422, say: (p: { usage: string }) => `交了多少？写成「${p.usage}」这样` },
  no_such_customer: { status: 422, say: () => '没有这位客户，重新选一下' },
  no_such_consultant: { status: 422, say: () => '没有这位课程顾问，重新选一下' },
});
