import { demand } from '../access/access.ts';
import { invalidFields, refuse as refuseAnybody } from '../kernel/refusal.ts';
import { dayToDb } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { demandGoodPassword } from './good-password.ts';
import type { CheckGuess } from './guesses.ts';
import { makePassword, type Passwords } from './passwords.ts';
import { refuse } from './phrases.ts';
import { type AddStaff, type EditStaff, Username } from './schema.ts';
import { endSessions } from './sessions.ts';

/** Wrong present passwords in a quarter of an hour. */
const MOST_GUESSES = 10;

/** Called in the transaction that changes who may be assigned customers: leave, deactivation. */
export type WhenStaffChange = (scope: Scope) => void | Promise<void>;

export type NewStudent = {
  name: string;
  username: string;
  password: string;
  phone?: string | null;
  /** The customer who became this student. */
  customerId?: number | null;
};

export type ManagePeople = ReturnType<typeof createManagePeople>;

/** The use cases that make, change and end accounts. Hashing takes a while: it is done before the transaction. */
export function createManagePeople({
  passwords,
  checkGuess,
  whenStaffChange,
}: {
  passwords: Passwords;
  checkGuess: CheckGuess;
  whenStaffChange: WhenStaffChange;
}) {
  /**
   * Adds a member of staff with their roles and returns a one-time password where none was given.
   * @throws Refusal `username_taken`, `no_such_role`
   */
  async function addStaff(scope: Scope, input: AddStaff): Promise<{ id: number; password: string | null }> {
    const { tx, now } = scope;
    if (input.password) demandGoodPassword(input.password, input);
    const made = input.password ? null : await scope.beforehand('made password', async () => makePassword());
    const plain = input.password ?? made ?? '';
    const passwordHash = await scope.beforehand(`hash:${plain}`, () => passwords.hash(plain));
    const { name, username, email, phone, departmentId, campusId, onLeaveUntil, roleIds } = input;
    await demandPlaces(scope, input);
    const [person] = await tx.$queryRaw<{ id: number }[]>`
      INSERT INTO "Person" (name, username, "passwordHash", email, phone, "createdAt", "updatedAt")
      VALUES (${name}, ${username}, ${passwordHash}, ${email}, ${phone}, ${now}, ${now})
      ON CONFLICT (username) DO NOTHING RETURNING id`;
    if (!person) throw refuse.username_taken({ username });
    await tx.staff.create({
      data: { personId: person.id, departmentId, campusId, onLeaveUntil: onLeaveUntil ? dayToDb(onLeaveUntil) : null },
    });
    await setRoles(scope, person.id, roleIds);
    return { id: person.id, password: made };
  }

  /** Makes a student's account and returns its person's id. @throws Refusal `username_taken` */
  async function addStudent(
    scope: Scope,
    { name, username, password, phone = null, customerId = null }: NewStudent,
  ): Promise<{ personId: number; studentId: number }> {
    const { tx, now } = scope;
    demandGoodPassword(password, { username });
    const passwordHash = await scope.beforehand(`hash:${password}`, () => passwords.hash(password));
    const [person] = await tx.$queryRaw<{ id: number }[]>`
      INSERT INTO "Person" (name, username, "passwordHash", phone, "createdAt", "updatedAt")
      VALUES (${name}, ${username}, ${passwordHash}, ${phone}, ${now}, ${now})
      ON CONFLICT (username) DO NOTHING RETURNING id`;
    if (!person) throw refuse.username_taken({ username });
    const { id: roleId } = await tx.role.findUniqueOrThrow({ where: { code: 'student' } });
    await tx.personRole.create({ data: { personId: person.id, roleId } });
    const student = await tx.student.create({ data: { personId: person.id, customerId } });
    return { personId: person.id, studentId: student.id };
  }

  /**
   * Changes a member of staff; deactivating and a new password end their sessions, as the actions of that name do and
   * with the same permissions.
   * @throws Refusal `not_found`, `username_taken`, `no_such_role`, `is_oneself`, `forbidden`
   */
  async function editStaff(scope: Scope, personId: number, change: EditStaff): Promise<void> {
    const { tx, now, actor } = scope;
    const { roleIds, departmentId, campusId, onLeaveUntil, active, password, ...person } = change;
    if (active !== undefined) demand(actor, 'people.deactivate', active ? '恢复账号' : '停用账号');
    if (password !== undefined) demand(actor, 'people.resetPassword', '重设密码');
    if (person.username && (await tx.person.findFirst({ where: { username: person.username, id: { not: personId } } })))
      throw refuse.username_taken({ username: person.username });
    await demandPlaces(scope, change);
    const { count } = await tx.person.updateMany({
      where: { id: personId },
      data: { ...person, updatedAt: now, version: { increment: 1 } },
    });
    if (count === 0) throw refuseAnybody.not_found({ what: '位员工' });
    await tx.staff.updateMany({
      where: { personId },
      data: {
        departmentId,
        campusId,
        onLeaveUntil: onLeaveUntil === undefined ? undefined : onLeaveUntil && dayToDb(onLeaveUntil),
      },
    });
    if (roleIds) await setRoles(scope, personId, roleIds);
    if (password !== undefined) await setPassword(scope, personId, password);
    if (active !== undefined && !(await hasState(scope, personId, active))) await setActive(scope, personId, active);
    if (onLeaveUntil !== undefined || roleIds) await whenStaffChange(scope);
  }

  /** Lets somebody in again, or ends their account and all their sessions at once. @throws Refusal `is_oneself` */
  async function setActive(scope: Scope, personId: number, active: boolean): Promise<void> {
    const { tx, actor, now } = scope;
    if (!active && personId === actor.id) throw refuse.is_oneself();
    await tx.person.updateMany({
      where: { id: personId },
      data: { active, updatedAt: now, version: { increment: 1 } },
    });
    if (!active) await endSessions(scope, personId);
    await whenStaffChange(scope);
  }

  /** Gives somebody a new password and ends their sessions; `keep` is the session that goes on. */
  async function setPassword(scope: Scope, personId: number, password: string, keep?: string): Promise<void> {
    const person = await scope.tx.person.findUnique({ where: { id: personId }, select: { username: true } });
    if (person) demandGoodPassword(password, person);
    const passwordHash = await scope.beforehand(`hash:${password}`, () => passwords.hash(password));
    await scope.tx.person.updateMany({
      where: { id: personId },
      data: { passwordHash, updatedAt: scope.now, version: { increment: 1 } },
    });
    await endSessions(scope, personId, keep);
  }

  /** One's own password, against the present one: who finds a browser signed in must not try it out. @throws Refusal `wrong_password`, `too_many` */
  async function changePassword(
    scope: Scope,
    { personId, current, password, keep }: { personId: number; current: string; password: string; keep: string },
  ): Promise<void> {
    const { passwordHash } = await scope.tx.person.findUniqueOrThrow({ where: { id: personId } });
    const limit = { key: `present-password:${personId}`, most: MOST_GUESSES };
    const fits = await scope.beforehand(`matches:${personId}`, () => checkGuess(current, passwordHash, [limit]));
    if (!fits) throw refuse.wrong_password();
    await setPassword(scope, personId, password, keep);
  }

  /** A new one-time password for somebody who forgot theirs; it is shown once. */
  async function resetPassword(scope: Scope, personId: number): Promise<string> {
    const password = await scope.beforehand(`password:${personId}`, async () => makePassword());
    await setPassword(scope, personId, password);
    return password;
  }

  /** Makes a person the administrator, anew or again, active and with a one-time password (`npm run admin`). */
  async function makeAdministrator(scope: Scope, asked: string): Promise<string> {
    const { tx } = scope;
    const username = Username.parse(asked);
    const role = await tx.role.findUniqueOrThrow({ where: { code: 'administrator' } });
    const known = await tx.person.findUnique({ where: { username } });
    if (!known) {
      const none = { email: null, phone: null, departmentId: null, campusId: null, onLeaveUntil: null };
      const { password } = await addStaff(scope, { ...none, name: username, username, roleIds: [role.id] });
      return password ?? '';
    }
    await tx.personRole.upsert({
      where: { personId_roleId: { personId: known.id, roleId: role.id } },
      create: { personId: known.id, roleId: role.id },
      update: {},
    });
    await tx.person.update({ where: { id: known.id }, data: { active: true, updatedAt: scope.now } });
    return resetPassword(scope, known.id);
  }

  return { addStaff, addStudent, editStaff, setActive, changePassword, resetPassword, makeAdministrator };
}

/** Department and campus are there; a foreign key would only fail. @throws Refusal `invalid_fields` */
async function demandPlaces({ tx }: Scope, places: Pick<EditStaff, 'departmentId' | 'campusId'>): Promise<void> {
  const { departmentId, campusId } = places;
  if (departmentId && (await tx.department.count({ where: { id: departmentId } })) === 0)
    throw invalidFields({ departmentId: '没有这个部门，重新选一下' });
  if (campusId && (await tx.campus.count({ where: { id: campusId } })) === 0)
    throw invalidFields({ campusId: '没有这个校区，重新选一下' });
}

async function hasState({ tx }: Scope, personId: number, active: boolean): Promise<boolean> {
  return (await tx.person.count({ where: { id: personId, active } })) > 0;
}

async function setRoles({ tx }: Scope, personId: number, roleIds: readonly number[]): Promise<void> {
  const known = await tx.role.findMany({ where: { id: { in: [...roleIds] } }, select: { id: true } });
  if (known.length < new Set(roleIds).size) throw refuse.no_such_role();
  const administrators = { role: { code: 'administrator' }, person: { active: true } };
  const others = await tx.personRole.count({ where: { ...administrators, personId: { not: personId } } });
  const leaves = await tx.personRole.count({
    where: { ...administrators, personId, roleId: { notIn: [...roleIds] } },
  });
  if (leaves > 0 && others === 0) throw refuse.last_administrator();
  await tx.personRole.deleteMany({ where: { personId, roleId: { notIn: [...roleIds] } } });
  await tx.personRole.createMany({ data: roleIds.map((roleId) => ({ personId, roleId })), skipDuplicates: true });
}
