import type { Feature } from '../feature.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { WechatApi } from '../wechat/index.ts';
import { bindPages } from './bind-pages.ts';
import type { CheckGuess } from './guesses.ts';
import { clearSessions } from './jobs.ts';
import type { ManagePeople } from './manage-people.ts';
import { createCheckCredentials } from './sign-in.ts';
import { type DemoHint, signInPages } from './sign-in-pages.ts';
import { departmentsTable } from './tables/departments.ts';
import { rolesTable } from './tables/roles.ts';
import { staffTable } from './tables/staff.ts';

/** Accounts, sign-in, binding, departments; `staff` says what other features do with a colleague's record. */
export function createPeople(parts: {
  prisma: PrismaClient;
  api: Pick<WechatApi, 'createQrCode'>;
  people: ManagePeople;
  checkGuess: CheckGuess;
  staff: Parameters<typeof staffTable>[1];
  demo: () => DemoHint | null;
}): Feature {
  const { prisma, api, people, checkGuess, staff, demo } = parts;
  return {
    id: 'people',
    tables: [staffTable(people, staff), departmentsTable, rolesTable],
    pages: [
      ...signInPages({ checkCredentials: createCheckCredentials({ prisma, checkGuess }), people, demo }),
      ...bindPages({ createCode: (scene, expireSeconds) => api.createQrCode({ scene, expireSeconds }) }),
    ],
    jobs: [clearSessions],
  };
}
