import type { SchoolDay, SchoolTime } from '../kernel/school-time.ts';
import type { Scope, Tx } from '../kernel/scope.ts';
import { EDUCATIONS, EXPERIENCES, GENDERS, SOURCES, STATUSES, WORK_STATUSES } from './choices.ts';
import { shorten } from './phrases.ts';
import { TITLES } from './schema.ts';

/** One line of a customer's timeline with its moment. */
export type Change = { at: Date; day: SchoolDay; text: string; kind: string };

const MOST = 50;
const LONGEST_VALUE = 30;
const LONGEST_NOTE = 60;

/** Through which door somebody changed something. */
const WHERE: Readonly<Record<string, string>> = {
  chat: '在微信里',
  bot: '在机器人里',
  web: '在网页上',
  import: '导入时',
  link: '从链接里',
};

const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gender: GENDERS,
  education: EDUCATIONS,
  experience: EXPERIENCES,
  workStatus: WORK_STATUSES,
  source: SOURCES,
  status: STATUSES,
};

/** The fields whose changes are told; holder and dates are told by follow-ups and assignments. */
const FIELDS = { ...TITLES, status: '报名', nextContactOn: '下次联系' } as const;

type Entry = {
  at: Date;
  actor: string | null;
  channel: string;
  entity: string;
  action: string;
  before: unknown;
  after: unknown;
};
type Names = { courses: ReadonlyMap<number, string>; students: ReadonlyMap<number, string> };

/**
 * What was changed in a customer's file, by whom, through which door, from what to what; also courses put in and taken
 * out, and notes taken back.
 * @param notedAt the moments of its follow-ups, which tell of their next contact themselves
 */
export async function readChanges(
  { tx, time }: Pick<Scope, 'tx' | 'time'>,
  customerId: number,
  notedAt: readonly Date[],
): Promise<Change[]> {
  const entries = await readEntries(tx, customerId);
  const names = await readNames(tx, entries);
  const noted = new Set(notedAt.map((at) => at.getTime()));
  const lines = entries.map((entry) => ({ entry, text: sayEntry(entry, names, noted.has(entry.at.getTime())) }));
  return together(lines, time);
}

async function readEntries(tx: Tx, customerId: number): Promise<Entry[]> {
  return tx.$queryRaw<Entry[]>`
    WITH taken AS (
      SELECT * FROM "AuditEntry"
      WHERE action = 'delete' AND entity IN ('CustomerCourse', 'FollowUp') AND (before ->> 'customerId')::int = ${customerId}
      ORDER BY id DESC LIMIT ${MOST}
    ), asked AS (
      SELECT id FROM "CustomerCourse" WHERE "customerId" = ${customerId}
      UNION SELECT "entityId" FROM taken WHERE entity = 'CustomerCourse'
    )
    SELECT e.at, p.name AS actor, e.channel, e.entity, e.action::text AS action, e.before, e.after
    FROM (
      (SELECT * FROM "AuditEntry" WHERE entity = 'Customer' AND "entityId" = ${customerId} AND action = 'edit'
        ORDER BY id DESC LIMIT ${MOST})
      UNION ALL SELECT * FROM taken
      UNION ALL
      (SELECT a.* FROM "AuditEntry" a JOIN asked ON a.entity = 'CustomerCourse' AND a."entityId" = asked.id
        WHERE a.action = 'add' AND a.at > (SELECT "createdAt" FROM "Customer" WHERE id = ${customerId})
        ORDER BY a.id DESC LIMIT ${MOST})
    ) e LEFT JOIN "Person" p ON p.id = e."actorId"
    ORDER BY e.id DESC LIMIT ${MOST}`;
}

async function readNames(tx: Tx, entries: readonly Entry[]): Promise<Names> {
  const images = entries.flatMap(({ before, after }) => [asRecord(before), asRecord(after)]);
  const idsOf = (field: string) => images.flatMap((image) => (typeof image[field] === 'number' ? [image[field]] : []));
  const [courseIds, studentIds] = [idsOf('courseId'), idsOf('referralStudentId')];
  const courses =
    courseIds.length > 0
      ? await tx.course.findMany({ where: { id: { in: courseIds } }, select: { id: true, name: true } })
      : [];
  const students =
    studentIds.length > 0
      ? await tx.student.findMany({
          where: { id: { in: studentIds } },
          select: { id: true, person: { select: { name: true } } },
        })
      : [];
  return {
    courses: new Map(courses.map(({ id, name }) => [id, name])),
    students: new Map(students.map(({ id, person }) => [id, person.name])),
  };
}

function sayEntry({ entity, action, before, after }: Entry, { courses, students }: Names, isNoted: boolean): string {
  const [was, is] = [asRecord(before), asRecord(after)];
  if (entity === 'FollowUp') return `撤回了跟进「${shorten(String(was.note ?? ''), LONGEST_NOTE)}」`;
  if (entity === 'CustomerCourse') {
    const course = courses.get(Number((action === 'add' ? is : was).courseId)) ?? '一门课程';
    return action === 'add' ? `加上了咨询课程 ${course}` : `去掉了咨询课程 ${course}`;
  }
  const [named, renamed] = [nameReferral(was, students), nameReferral(is, students)];
  const told = Object.entries(FIELDS).filter(
    ([field]) => field in named && (field !== 'nextContactOn' || !(isNoted || 'consultantId' in was)),
  );
  if (told.length === 0) return '';
  return `改了${told.map(([field, title]) => `${title}：${sayValue(field, named[field])} → ${sayValue(field, renamed[field])}`).join('，')}`;
}

/** The column is the student's; people know who referred by name. */
function nameReferral(image: Record<string, unknown>, students: Names['students']): Record<string, unknown> {
  if (!('referralStudentId' in image)) return image;
  const { referralStudentId: id, ...rest } = image;
  return { ...rest, referralId: id === null ? null : (students.get(Number(id)) ?? '一位学员') };
}

/** 空, a choice's label, a day without its year; long texts cut. */
function sayValue(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '空';
  const text = CHOICES[field]?.[String(value)] ?? String(value);
  return shorten(field === 'nextContactOn' ? text.slice(5, 10) : text, LONGEST_VALUE);
}

/** What one person changed in one go is one line: 李娜在网页上改了学历：大专 → 本科，去掉了咨询课程 Linux. */
function together(lines: readonly { entry: Entry; text: string }[], time: Pick<SchoolTime, 'dayOf'>): Change[] {
  const said = new Map<string, { entry: Entry; texts: string[] }>();
  for (const { entry, text } of lines) {
    if (text === '') continue;
    const key = [entry.at.getTime(), entry.actor, entry.channel].join(' ');
    const earlier = said.get(key);
    if (earlier) earlier.texts.unshift(text);
    else said.set(key, { entry, texts: [text] });
  }
  return [...said.values()].map(({ entry: { at, actor, channel }, texts }) => ({
    at,
    day: time.dayOf(at),
    kind: 'change',
    text: `${actor ?? '系统'}${WHERE[channel] ?? ''}${texts.join('，')}`,
  }));
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
