import type { Prisma } from '../generated/prisma/client.ts';

const claims: Prisma.RoleWhereInput = { grants: { some: { permission: { in: ['customers.claim', 'customers.*'] } } } };

/** Who can hold customers and claim them: active staff whose role lets them claim. */
export const holders = {
  active: true,
  staff: { isNot: null },
  roles: { some: { role: claims } },
} satisfies Prisma.PersonWhereInput;

/** The pool's consultants: those who claim for themselves, not their heads. */
export const poolConsultants = {
  ...holders,
  roles: { some: { role: { scope: 'own' as const, ...claims } } },
} satisfies Prisma.PersonWhereInput;
