import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService, useTestService } from '../setup/service.ts';
import { postgresOnly } from '../setup/services.ts';
import { createPushes, deliver, newMsgId, until } from './pushes.ts';

/** The following rows there are of what is first in the pool, before and after. */
async function listPool(service: TestService) {
  const admin = await service.signIn('admin');
  const [first] = (await admin.get('/pool?size=1')).json.rows;
  const history = async () =>
    (await admin.get(`/assignments?customerId=${first.id}&state=following`)).json.rows.map(
      (row: { consultant: { name: string } }) => row.consultant.name,
    );
  return { first, history };
}

describe('one push', () => {
  const service = useTestService();

  it('sent three times at once, and once more later, has one effect and one answer', async () => {
    const { url, school } = service();
    const { openid, say } = service().phone('consultant4');
    const { first, history } = await listPool(service());
    await say('公海');
    const pushes = createPushes(school.account);
    const msgId = newMsgId();
    const send = () => deliver(url, pushes.text(openid, '抢 1', msgId)).then(pushes.open);

    const answers = [...(await Promise.all([send(), send(), send()])), await send()];
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(`抢到了：${first.name}`);
    expect(await history()).toEqual(['赵敏']);
  });

  it('sent again byte for byte is answered with the same words, sealed anew', async () => {
    const { url, school } = service();
    const pushes = createPushes(school.account);
    const push = pushes.text(service().phone('consultant4').openid, '我的客户');
    const [first, second] = [await deliver(url, push), await deliver(url, push)];
    expect(second).not.toBe(first);
    expect(pushes.open(second)).toBe(pushes.open(first));
  });

  it('refused once is refused again with the same words, though it would be allowed by then', async () => {
    const { url, school } = service();
    const { openid, say } = service().phone('consultant5');
    const pushes = createPushes(school.account);
    const msgId = newMsgId();
    const refused = pushes.open(await deliver(url, pushes.text(openid, '抢 2', msgId)));
    await say('公海');
    expect(pushes.open(await deliver(url, pushes.text(openid, '抢 2', msgId)))).toBe(refused);
    expect(refused).not.toContain('抢到了');
  });

  it('is told from another one of the same words by its MsgId, and from other people’s by its sender', async () => {
    const { url, school } = service();
    const pushes = createPushes(school.account);
    const msgId = newMsgId();
    const names: string[] = [];
    for (const username of ['consultant2', 'consultant3']) {
      const { openid, say } = service().phone(username);
      await say('公海');
      const answer = pushes.open(await deliver(url, pushes.text(openid, '抢 1', msgId)));
      names.push(/抢到了：(\S+)/.exec(answer)?.[1] ?? answer);
    }
    expect(new Set(names).size).toBe(2);
  });

  it('whose node is killed while it works on it has one effect when it comes again', async () => {
    const { openid, say } = service().phone('consultant3');
    const { first, history } = await listPool(service());
    await say('公海');
    const pushes = createPushes(service().school.account);
    const msgId = newMsgId();
    const lost = deliver(service().url, pushes.text(openid, '抢 1', msgId)).catch(() => 'lost');
    await service().kill('SIGKILL');
    await lost;
    await service().restart();

    const again = () => deliver(service().url, pushes.text(openid, '抢 1', msgId)).then(pushes.open);
    const answers = [await again(), await again()];
    expect(answers[0]).toContain(`抢到了：${first.name}`);
    expect(answers[1]).toBe(answers[0]);
    expect(await history()).toEqual(['王强']);
  });
});

postgresOnly('one push, with two nodes on one database', () => {
  let first: TestService;
  let second: TestService;

  beforeAll(async () => {
    first = await startTestService();
    second = await first.addNode();
  });
  afterAll(() => first?.close());

  it('sent to both at once has one effect and one answer', async () => {
    const { openid, say } = first.phone('consultant4');
    const { first: customer, history } = await listPool(first);
    await say('公海');
    const pushes = createPushes(first.school.account);
    const msgId = newMsgId();
    const nodes = [first, second, first, second];
    const answers = await Promise.all(
      nodes.map(({ url }) => deliver(url, pushes.text(openid, '抢 1', msgId)).then(pushes.open)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(`抢到了：${customer.name}`);
    expect(await history()).toEqual(['赵敏']);
  });

  it('whose node is killed in mid-command is done by the other, once', async () => {
    const { openid, say } = first.phone('consultant5');
    const { first: customer, history } = await listPool(first);
    await say('公海');
    const pushes = createPushes(first.school.account);
    const msgId = newMsgId();
    const holder = new pg.Client({ connectionString: first.school.databaseUrl });
    await holder.connect();
    try {
      // Somebody else holds the customer's row, so the command stands in its open transaction until they let go.
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM "Customer" WHERE id = $1 FOR UPDATE', [customer.id]);
      const lost = deliver(first.url, pushes.text(openid, '抢 1', msgId)).catch(() => 'lost');
      await until(() => isWaiting(holder, 1));
      await first.kill('SIGKILL');
      expect(await lost).toBe('lost');
      const again = [1, 2].map(() => deliver(second.url, pushes.text(openid, '抢 1', msgId)).then(pushes.open));
      await until(() => isWaiting(holder, 3));
      await holder.query('ROLLBACK');
      const answers = await Promise.all(again);

      expect(answers[0]).toContain(`抢到了：${customer.name}`);
      expect(answers[1]).toBe(answers[0]);
      expect(await listPool(second).then(({ first: next }) => next.id)).not.toBe(customer.id);
      const admin = await second.signIn('admin');
      const rows = (await admin.get(`/assignments?customerId=${customer.id}&state=following`)).json.rows;
      expect(rows).toHaveLength(1);
    } finally {
      await holder.end();
      await first.restart();
    }
    expect(await history()).toEqual(['陈晨']);
  });
});

/** Whether so many transactions wait for another one's lock. */
async function isWaiting(client: pg.Client, count: number): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0].waiting >= count;
}
