import { rowScope } from '../access/access.ts';
import { findHeld } from '../customers/index.ts';
import { Refusal } from '../kernel/refusal.ts';
import { dayFromDb, dayToDb } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { type ManagePeople, makePassword } from '../people/index.ts';
import { cohortNamed, joinCohort, nameCohort } from '../teaching/index.ts';
import { refuse } from './phrases.ts';
import type { EnrolCustomer } from './schema.ts';

export type Enrolled = {
  customerId: number;
  name: string;
  cohort: { id: number; name: string };
  studentId: number;
  paymentId: number;
  paid: number;
  username: string;
  /** Told once, kept nowhere. */
  password: string;
};

export type Enrol = (scope: Scope, input: EnrolCustomer) => Promise<Enrolled>;

/**
 * Makes a customer a student, all or nothing (customers rule 4): the payment is recorded, student and account are made,
 * the cohort is joined, the customer is enrolled and the assignment won. Only the holder's own customer, or by an
 * administrator; of any number at once exactly one succeeds.
 * @throws Refusal `already_enrolled`, `not_your_customer`, `in_pool`, `not_found`, `no_such_cohort`, `cohort_over`
 */
export function createEnrolCustomer({ addStudent }: Pick<ManagePeople, 'addStudent'>): Enrol {
  return async (scope, input) => {
    const { tx, today, now } = scope;
    const { customerId, cohortId, paid } = input;
    const { held, cohort } = await checkEnrolment(scope, input);
    const contacts = await win(scope, customerId, held);
    const account = await makeAccount(scope, { customerId, name: held.name, contacts }, addStudent);
    await joinCohort(scope, { studentId: account.studentId, cohortId, joinedOn: input.joinedOn });
    const payment = await tx.payment.create({
      data: {
        kind: input.kind,
        customerId,
        cohortId,
        paid,
        dealAmount: input.dealAmount ?? cohort.price,
        quote: input.quote ?? cohort.course.listPrice,
        note: input.note,
        date: dayToDb(today),
        consultantId: held.consultantId,
        createdAt: now,
      },
      select: { id: true },
    });
    const { username, password, studentId } = account;
    const named = { id: cohortId, name: nameCohort(cohort) };
    return { customerId, name: held.name, cohort: named, studentId, paymentId: payment.id, paid, username, password };
  };
}

/**
 * What an enrolment needs, checked without changing anything, so that 报名 asks for 确认 only where it can be done.
 * @throws Refusal `already_enrolled`, `not_your_customer`, `in_pool`, `not_found`, `no_such_cohort`, `cohort_over`
 */
export async function checkEnrolment(
  scope: Scope,
  { customerId, cohortId }: Pick<EnrolCustomer, 'customerId' | 'cohortId'>,
) {
  const { actor, today, tx } = scope;
  const held = await findHeld(scope, customerId, 'customers.enrol', '报名');
  if (held.enrolled) throw refuse.already_enrolled({ name: held.name });
  const isAdministrator = rowScope(actor, 'customers.enrol') === 'all';
  if (held.consultantId !== actor.id && !isAdministrator)
    throw refuse.not_your_customer({ name: held.name, holder: held.consultantName });
  const cohort = await readCohort(tx, cohortId);
  if (cohort.graduatesOn && dayFromDb(cohort.graduatesOn) < today)
    throw refuse.cohort_over({ cohort: nameCohort(cohort) });
  return { held, cohort };
}

async function readCohort(tx: Tx, id: number) {
  const cohort = await tx.cohort.findUnique({
    where: { id },
    select: {
      ...cohortNamed.select,
      price: true,
      graduatesOn: true,
      course: { select: { name: true, listPrice: true } },
    },
  });
  if (!cohort) throw refuse.no_such_cohort();
  return cohort;
}

type Contacts = { phone: string | null; qq: string | null; wechat: string | null };

/**
 * Enrols the customer and wins the assignment; the one statement that decides. It finds nothing where somebody else was
 * faster, or the customer has changed hands since it was read.
 */
async function win(
  { tx, now, today }: Scope,
  customerId: number,
  { name, consultantId }: { name: string; consultantId: number },
): Promise<Contacts> {
  const [won] = await tx.$queryRaw<Contacts[]>`
    WITH enrolled AS (
      UPDATE "Customer" SET status = 'enrolled', "nextContactOn" = NULL, version = version + 1, "updatedAt" = ${now}
      WHERE id = ${customerId} AND status = 'notEnrolled' AND "consultantId" = ${consultantId}
      RETURNING id, phone, qq, wechat
    ), ended AS (
      UPDATE "Assignment" a SET state = 'won', "endedOn" = ${today}::date, "updatedAt" = ${now}
      FROM enrolled WHERE a."customerId" = enrolled.id AND a.state = 'following'
    )
    SELECT phone, qq, wechat FROM enrolled`;
  if (won) return won;
  const { status } = await tx.customer.findUniqueOrThrow({ where: { id: customerId }, select: { status: true } });
  throw status === 'enrolled' ? refuse.already_enrolled({ name }) : refuse.changed_meanwhile({ name });
}

/** The account goes by the phone number, else QQ or WeChat id; where that is taken by the customer's number with us. */
async function makeAccount(
  scope: Scope,
  { customerId, name, contacts }: { customerId: number; name: string; contacts: Contacts },
  addStudent: ManagePeople['addStudent'],
) {
  const { phone, qq, wechat } = contacts;
  const password = await scope.beforehand(`student password:${customerId}`, async () => makePassword());
  const names = [phone, qq, wechat, `stu${customerId}`, `stu${customerId}-2`].flatMap(
    (given) => given?.toLowerCase() ?? [],
  );
  for (const username of names.filter((given) => /^[a-z0-9][a-z0-9._-]{1,31}$/.test(given))) {
    if ((await scope.tx.person.count({ where: { username } })) > 0) continue;
    try {
      const { studentId } = await addStudent(scope, { name, username, password, phone, customerId });
      return { username, password, studentId };
    } catch (error) {
      // Somebody took the name at this very moment; nothing was written, so the next one is tried.
      if (!(error instanceof Refusal) || error.code !== 'username_taken') throw error;
    }
  }
  throw new Error(`no user name was free for customer ${customerId}`);
}
