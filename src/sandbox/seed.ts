import type { Tx } from '../kernel/scope.ts';
import { sandboxOpenid } from './openid.ts';

/** Somebody a phone is made for. */
export type PhoneOwner = { username: string; name: string };

/** Who begins with a bound WeChat in the demo school: consultants 2 to 6 (contract.md). */
export const BOUND_AT_START: readonly string[] = [
  'consultant2',
  'consultant3',
  'consultant4',
  'consultant5',
  'consultant6',
];

/** Phones that belong to nobody yet: for newcomers, and for moving to another phone. */
export const SPARE_PHONES: readonly PhoneOwner[] = [
  { username: 'spare1', name: '备用手机 1' },
  { username: 'spare2', name: '备用手机 2' },
];

/**
 * Puts a phone for each person on the desk, in the order given, and two spare ones; those of consultants 2 to 6
 * follow the account already. Existing phones are left as they are. Returns the openids to bind, by username: the
 * binding itself is the people's own use case.
 */
export async function seedSandbox(tx: Tx, people: readonly PhoneOwner[]): Promise<ReadonlyMap<string, string>> {
  const owners = [...people, ...SPARE_PHONES];
  await tx.sandboxPhone.createMany({
    data: owners.map(({ username, name }, position) => ({
      openid: sandboxOpenid(username),
      label: name,
      position,
      following: BOUND_AT_START.includes(username),
    })),
    skipDuplicates: true,
  });
  const bound = people.filter(({ username }) => BOUND_AT_START.includes(username));
  return new Map(bound.map(({ username }) => [username, sandboxOpenid(username)]));
}
