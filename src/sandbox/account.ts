import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { wallNow } from '../kernel/clock.ts';

const Account = z.object({
  appId: z.string(),
  appSecret: z.string(),
  token: z.string(),
  aesKey: z.string(),
  ghId: z.string(),
});

/** The Official Account of the sandbox: what the real console would show. `ghId` is its own name in pushes. */
export type SandboxAccount = z.infer<typeof Account>;

const KEY = 'sandbox.account';

/** The account this installation trains with, made at the first call and kept: all nodes get the same one. */
export async function sandboxAccount(prisma: PrismaClient): Promise<SandboxAccount> {
  const made = JSON.stringify(makeAccount());
  await prisma.$executeRaw`
    INSERT INTO "Setting" ("key", "value", "updatedAt") VALUES (${KEY}, ${made}::jsonb, ${new Date(wallNow())})
    ON CONFLICT ("key") DO NOTHING`;
  const row = await prisma.setting.findUniqueOrThrow({ where: { key: KEY } });
  return Account.parse(row.value);
}

function makeAccount(): SandboxAccount {
  return {
    appId: `wx${randomBytes(8).toString('hex')}`,
    appSecret: randomBytes(16).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(32).toString('base64').slice(0, 43),
    ghId: `gh_${randomBytes(6).toString('hex')}`,
  };
}
