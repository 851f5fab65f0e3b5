import type { Prisma } from '../generated/prisma/client.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayFromDb, type SchoolDay } from '../kernel/school-time.ts';
import { maskPhone, maskQq, maskWechat } from './rules.ts';
import { seesContacts } from './visibility.ts';

const named = { select: { id: true, name: true } } as const;

/** What a customer is read with wherever it leaves. */
export const customerInclude = {
  consultant: named,
  lastConsultant: named,
  enteredBy: named,
  referralStudent: { select: { id: true, person: { select: { name: true } } } },
  courses: { select: { course: named }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.CustomerInclude;

/** A customer as read. */
export type StoredCustomer = Prisma.CustomerGetPayload<{ include: typeof customerInclude }>;

type Named = { id: number; name: string };

/** A customer as it leaves: relations as {id,name}, days as school days, contacts masked where the reader's scope says. */
export type CustomerRow = {
  id: number;
  name: string;
  qq: string | null;
  phone: string | null;
  wechat: string | null;
  /** Whether the contact fields above are masked. */
  masked: boolean;
  gender: StoredCustomer['gender'];
  education: StoredCustomer['education'];
  graduationSchool: string | null;
  major: string | null;
  experience: StoredCustomer['experience'];
  workStatus: StoredCustomer['workStatus'];
  company: string | null;
  salary: string | null;
  source: StoredCustomer['source'];
  referral: Named | null;
  courses: Named[];
  status: StoredCustomer['status'];
  consultant: Named | null;
  enteredOn: SchoolDay;
  enteredBy: Named | null;
  receivedOn: SchoolDay;
  lastContactedOn: SchoolDay;
  nextContactOn: SchoolDay | null;
  pooledAt: Date | null;
  poolReason: StoredCustomer['poolReason'];
  lastConsultant: Named | null;
  memo: string | null;
};

/** A customer as this reader may see it. */
export function presentCustomer(customer: StoredCustomer, actor: Actor): CustomerRow {
  const masked = !seesContacts(actor, customer);
  const { qq, phone, wechat, referralStudent } = customer;
  return {
    id: customer.id,
    name: customer.name,
    qq: masked && qq ? maskQq(qq) : qq,
    phone: masked && phone ? maskPhone(phone) : phone,
    wechat: masked && wechat ? maskWechat(wechat) : wechat,
    masked,
    gender: customer.gender,
    education: customer.education,
    graduationSchool: customer.graduationSchool,
    major: customer.major,
    experience: customer.experience,
    workStatus: customer.workStatus,
    company: customer.company,
    salary: customer.salary,
    source: customer.source,
    referral: referralStudent && { id: referralStudent.id, name: referralStudent.person.name },
    courses: customer.courses.map(({ course }) => course),
    status: customer.status,
    consultant: customer.consultant,
    enteredOn: dayFromDb(customer.enteredOn),
    enteredBy: customer.enteredBy,
    receivedOn: dayFromDb(customer.receivedOn),
    lastContactedOn: dayFromDb(customer.lastContactedOn),
    nextContactOn: customer.nextContactOn && dayFromDb(customer.nextContactOn),
    pooledAt: customer.pooledAt,
    poolReason: customer.poolReason,
    lastConsultant: customer.lastConsultant,
    // Free text may hold a number; it is the holder's until claimed.
    memo: masked ? null : customer.memo,
  };
}
