import { type AnyCommand, defineCommand } from '../chat/define-command.ts';
import { matchName } from '../chat/names.ts';
import { confidential, reply } from '../chat/reply.ts';
import { halfWidth } from '../chat/said.ts';
import { heldBy, meantCustomer, withWholeName } from '../customers/index.ts';
import { nameCohort } from '../teaching/index.ts';
import { checkEnrolment, type Enrol } from './enrol-customer.ts';
import { refuse } from './phrases.ts';
import { type OpenCohort, readOpenCohorts } from './queries.ts';
import { EnrolCustomer } from './schema.ts';

const USAGE = '报名 N 班级 金额';
const MOST_OFFERED = 6;

/** 报名 N 班级 金额: makes the Nth of the consultant's own customers a student. */
export function enrolmentCommands({ enrol }: { enrol: Enrol }): readonly AnyCommand[] {
  return [
    defineCommand({
      id: 'enrolment.enrol',
      words: ['报名', 'enrol'],
      usage: USAGE,
      does: '给自己的客户报名进班',
      permission: 'customers.enrol',
      takes: 'all',
      input: EnrolCustomer,
      read: async (said, talk) => {
        const among = heldBy(talk.scope.actor, 'customers.enrol');
        const { args } = await withWholeName(said, talk, among);
        const [n, ...words] = args;
        const customerId = await meantCustomer(n, talk, { among, say: '报名' });
        const cohorts = await readOpenCohorts(talk.scope);
        const { said: cohort, paid } = readWords(words);
        if (cohort === '')
          throw refuse.which_cohort({ n, names: cohorts.slice(0, MOST_OFFERED).map(({ called }) => called) });
        const { id: cohortId } = cohortMeant(cohort, cohorts);
        if (paid === null) throw refuse.how_much({ usage: `报名 ${n} ${cohort} 19800` });
        return { customerId, cohortId, paid };
      },
      // It makes an account, which nothing takes back.
      confirm: async (scope, input) => {
        const { held, cohort } = await checkEnrolment(scope, input);
        const open = (await readOpenCohorts(scope)).find(({ id }) => id === cohort.id);
        return reply(
          `给${held.name}报名 ${open?.called ?? nameCohort(cohort)}，实收 ${input.paid} 元？`,
          '会记成单、开学员账号，做了撤不回来',
          '十分钟内回复「确认」就办，说别的就不办',
        );
      },
      run: (scope, input) => enrol(scope, input),
      reply: ({ name, cohort, paid, username, password }) =>
        confidential(
          reply(
            `报名好了：${name} · ${cohort.name}`,
            `实收 ${paid} 元，已记成单`,
            `账号 ${username} · 一次性密码 ${password}`,
            '密码只说这一次，请转给学员，登录后能看课程和成绩',
          ),
        ),
    }),
  ];
}

/** The amount is the last word that is one (19800, ¥19800元, 1.98万); what stands before it is the cohort. */
function readWords(words: readonly string[]): { said: string; paid: number | null } {
  const last = halfWidth(words.at(-1) ?? '');
  const [, number, tenThousands] = /^[¥￥]?(\d{1,8}(?:\.\d{1,2})?)(万)?元?$/.exec(last) ?? [];
  if (number === undefined) return { said: words.join(''), paid: null };
  return {
    said: words.slice(0, -1).join(''),
    paid: tenThousands ? Math.round(Number(number) * 1_000_000) / 100 : Number(number),
  };
}

/**
 * Python全栈9期, Python全栈（9期）, Python 9期, where only one is open Python全栈 or 9期, and with its campus where two are of one
 * name. @throws Refusal `ambiguous_name`, `no_such_name`
 */
function cohortMeant(said: string, open: readonly OpenCohort[]): OpenCohort {
  const { rest, cohorts } = takeCampus(halfWidth(said), open);
  const written = rest
    .replace(/[（(]/g, '(')
    .replace(/[）)]/g, ')')
    .replace(/\(?第?(\d{1,4})期\)?$/, '($1期)');
  const otherwise = `可以报${cohorts
    .map(({ called }) => called)
    .slice(0, MOST_OFFERED)
    .join('、')}`;
  const options = { what: '班级', otherwise, describe: ({ called }: OpenCohort) => called };
  const [, course, term] = /^(.*)(\(\d+期\))$/.exec(written) ?? [];
  const ofTerm = cohorts.filter(({ name }) => term !== undefined && name.endsWith(term));
  const [only] = ofTerm;
  if (course === '' && only && ofTerm.length === 1) return only;
  if (course === undefined || ofTerm.length === 0 || cohorts.some(({ name }) => name === written))
    return matchName(written, cohorts, options);
  return matchName(course, ofTerm, options);
}

/** The campus somebody named before or after the cohort, and the cohorts there. */
function takeCampus(said: string, open: readonly OpenCohort[]): { rest: string; cohorts: readonly OpenCohort[] } {
  for (const { campus } of open) {
    const rest = said.endsWith(campus) ? said.slice(0, -campus.length) : said.replace(campus, '');
    const isNamed = said.endsWith(campus) || said.startsWith(campus);
    if (isNamed && rest !== '') return { rest, cohorts: open.filter((cohort) => cohort.campus === campus) };
  }
  return { rest: said, cohorts: open };
}
