import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import type { PrismaClient } from '../../src/generated/prisma/client.ts';
import { beginSession } from '../../src/people/index.ts';
import { SESSION_COOKIE } from '../../src/web/cookies.ts';
import { quietLog } from '../setup/database.ts';
import { TEST_NOW } from '../setup/now.ts';
import { SESSION_SECRET, startTestService, type TestService } from '../setup/service.ts';
import { postgresOnly } from '../setup/services.ts';

const CLAIMANTS = 200;

type Claimant = { name: string; headers: Record<string, string> };

/** So many consultants, each signed in as on an earlier day: their passwords are not what is raced for. */
async function hireConsultants(prisma: PrismaClient, count: number): Promise<Claimant[]> {
  const at = new Date(TEST_NOW);
  const { id: roleId } = await prisma.role.findUniqueOrThrow({ where: { code: 'consultant' } });
  const { departmentId } = await prisma.staff.findFirstOrThrow({ where: { person: { username: 'consultant1' } } });
  const claimants: Claimant[] = [];
  for (let n = 1; n <= count; n += 1) {
    const { id: personId, name } = await prisma.person.create({
      data: {
        ...{ name: `抢单员${n}`, username: `claimant${n}`, passwordHash: '-', createdAt: at, updatedAt: at },
        staff: { create: { departmentId } },
        roles: { create: { roleId } },
      },
    });
    const { token, csrf } = await beginSession({ tx: prisma }, { personId, remember: true });
    const cookie = `${SESSION_COOKIE}=${token}`;
    const signature = createHmac('sha1', SESSION_SECRET).update(cookie).digest('base64url');
    claimants.push({
      name,
      headers: { cookie: `${cookie}; ${SESSION_COOKIE}.sig=${signature}`, 'x-csrf-token': csrf },
    });
  }
  return claimants;
}

postgresOnly('one pool customer on PostgreSQL', () => {
  let service: TestService;
  let claimants: Claimant[];

  beforeAll(async () => {
    service = await startTestService();
    const database = await openDatabase({ databaseUrl: service.school.databaseUrl ?? '', log: quietLog });
    claimants = await hireConsultants(database.prisma, CLAIMANTS).finally(() => database.close());
  });
  afterAll(() => service?.close());

  it('claimed by 200 at once goes to one; the other 199 are told to whom', async () => {
    const admin = await service.signIn('admin');
    const [customer] = (await admin.get('/pool?size=1')).json.rows;
    const program = service.stranger();
    const answers = await Promise.all(
      claimants.map(({ headers }) => program.post(`/pool/${customer.id}/claim`, {}, headers)),
    );

    const won = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
    expect(won).toHaveLength(1);
    const winner = claimants[won[0] as number]?.name;
    expect(answers[won[0] as number]?.json.row).toMatchObject({ id: customer.id, consultant: { name: winner } });
    const lost = answers.filter(({ status }) => status !== 200);
    expect(new Set(lost.map(({ status, json }) => `${status} ${json.error.code}`))).toEqual(
      new Set(['409 already_claimed']),
    );
    expect(lost.filter(({ json }) => json.error.message.includes(winner))).toHaveLength(CLAIMANTS - 1);
    const following = (await admin.get(`/assignments?customerId=${customer.id}&state=following`)).json.rows;
    expect(following.map((row: { consultant: { name: string } }) => row.consultant.name)).toEqual([winner]);
  });

  it('claimed all over the pool at once goes to one each, whoever is first', async () => {
    const admin = await service.signIn('admin');
    const pool = (await admin.get('/pool?size=10')).json.rows as { id: number }[];
    const program = service.stranger();
    const answers = await Promise.all(
      claimants
        .slice(0, 100)
        .map(({ headers }, n) => program.post(`/pool/${pool[n % pool.length]?.id}/claim`, {}, headers)),
    );
    const winners = answers.filter(({ status }) => status === 200).map(({ json }) => json.row.id);
    expect(winners.sort()).toEqual(pool.map(({ id }) => id).sort());
    expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true);
  });
});
