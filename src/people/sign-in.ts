import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Scope } from '../kernel/scope.ts';
import type { CheckGuess } from './guesses.ts';
import { refuse } from './phrases.ts';

/** Wrong passwords in a quarter of an hour: for one name, and from one address. */
const MOST_A_NAME = 10;
const MOST_AN_ADDRESS = 100;

export type CheckCredentials = ReturnType<typeof createCheckCredentials>;
export type Checked = { personId: number; passwordHash: string };

/**
 * Checks a name and a password. Only failures count towards the limit of the name and of the address, and a name that
 * nobody has is answered like a wrong password.
 * @throws Refusal `wrong_credentials`, `too_many`
 */
export function createCheckCredentials(parts: { prisma: Pick<PrismaClient, 'person'>; checkGuess: CheckGuess }) {
  const { prisma, checkGuess } = parts;
  return async ({ username, password, address }: { username: string; password: string; address: string }) => {
    const person = await prisma.person.findUnique({
      where: { username },
      select: { id: true, passwordHash: true, active: true },
    });
    const fits = await checkGuess(password, person?.active ? person.passwordHash : null, [
      { key: `sign-in:name:${username}`, most: MOST_A_NAME },
      { key: `sign-in:address:${address}`, most: MOST_AN_ADDRESS },
    ]);
    if (!person || !fits) throw refuse.wrong_credentials();
    return { personId: person.id, passwordHash: person.passwordHash };
  };
}

/**
 * Keeps the password and the account as they were checked until the session is there: who is deactivated or changes the
 * password in between ends this session too.
 * @throws Refusal `wrong_credentials` where either has changed since
 */
export async function holdChecked({ tx }: Pick<Scope, 'tx'>, { personId, passwordHash }: Checked): Promise<Checked> {
  const [held] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Person" WHERE id = ${personId} AND active AND "passwordHash" = ${passwordHash} FOR SHARE`;
  if (!held) throw refuse.wrong_credentials();
  return { personId, passwordHash };
}
