import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wallNow } from '../../src/kernel/clock.ts';
import type { Client } from '../setup/json-client.ts';
import { startTestService, type TestService } from '../setup/service.ts';
import { postgresOnly } from '../setup/services.ts';

postgresOnly('a service whose database is in trouble', () => {
  let service: TestService;
  let consultant: Client;
  let other: pg.Client;
  let customerId: number;

  beforeAll(async () => {
    service = await startTestService();
    consultant = await service.signIn('consultant2');
    customerId = (await consultant.get('/customers?status=notEnrolled&size=1')).json.rows[0].id;
    other = new pg.Client({ connectionString: service.school.databaseUrl });
    await other.connect();
  });
  afterAll(async () => {
    await other?.end();
    await service?.close();
  });

  const followUp = (note: string) => consultant.post(`/customers/${customerId}/follow-ups`, { note });
  const took = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const begun = wallNow();
    return [await work(), wallNow() - begun];
  };

  it.each(['Customer', 'FollowUp', 'NumberedList', 'MessageReceipt', 'Follower'])(
    'when the table %s is locked for nine seconds, chat and page are answered within five, and changed nothing',
    async (table) => {
      const phone = service.phone('consultant2');
      await phone.say('我的客户');
      const before = (await consultant.get('/follow-ups?size=1')).json.total;
      await other.query(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`);
      try {
        const [[said, chatMs], [answer, pageMs]] = await Promise.all([
          took(() => phone.say('跟进 1 锁着的时候')),
          took(() => followUp('锁着的时候')),
        ]);
        expect(said).not.toBe('');
        expect([chatMs < 5_000, pageMs < 5_000, [200, 503].includes(answer.status)]).toEqual([true, true, true]);
      } finally {
        await other.query('ROLLBACK');
      }
      if (!['Customer', 'FollowUp'].includes(table)) return;
      expect((await consultant.get('/follow-ups?size=1')).json.total).toBe(before);
    },
  );

  it('when all its connections are cut at once, the next requests are answered as if nothing had been', async () => {
    for (let n = 0; n < 5; n += 1) {
      const cut = other.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      const answers = await Promise.all([followUp(`断线 ${n}`), consultant.get('/customers'), cut]);
      const statuses = answers.slice(0, 2).map((answer) => ('status' in answer ? answer.status : 0));
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
      await sleep(50);
      expect([(await followUp(`又好了 ${n}`)).status, (await consultant.get('/customers')).status]).toEqual([200, 200]);
    }
  });

  it('when its disk is full, says so instead of failing, and is not ready until there is room', async () => {
    await other.query(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON "FollowUp" EXECUTE FUNCTION no_room();
      CREATE FUNCTION no_room_at_all() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE EVENT TRIGGER no_room_at_all ON ddl_command_start EXECUTE FUNCTION no_room_at_all()`);
    const full = await followUp('没地方了');
    expect([full.status, full.json.error.code]).toEqual([507, 'storage_full']);
    const ready = await consultant.get('/readyz');
    expect([ready.status, ready.json.missing]).toEqual([503, ['disk space']]);
    expect((await consultant.get('/customers')).status).toBe(200);

    await other.query('DROP EVENT TRIGGER no_room_at_all');
    await other.query('DROP FUNCTION no_room CASCADE');
    await expect.poll(async () => (await consultant.get('/readyz')).status).toBe(200);
    expect((await followUp('又有地方了')).status).toBe(200);
  });
});
