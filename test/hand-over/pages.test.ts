import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../setup/json-client.ts';
import { useTestService } from '../setup/service.ts';

/** The pages around a customer's life, on the running demo school. */
const service = useTestService();
let admin: Client;
let head: Client;
let consultant: Client;

beforeAll(async () => {
  [admin, head, consultant] = (await Promise.all(
    ['admin', 'head', 'consultant2'].map((username) => service().signIn(username)),
  )) as [Client, Client, Client];
}, 60_000);

describe('快掉的客户', () => {
  it('lists what drops tonight with a form each, and a follow-up there saves', async () => {
    const before = await consultant.get('/my-customers/about-to-drop');
    expect(before.status).toBe(200);
    const [first] = before.json.rows;
    expect(first).toMatchObject({ number: 1, name: expect.any(String), lastContactedOn: expect.any(String) });
    const saved = await consultant.post(`/my-customers/about-to-drop/${first.id}`, { note: '约了周五试听' });
    expect(saved).toMatchObject({ status: 200, json: { name: first.name } });
    const after = await consultant.get('/my-customers/about-to-drop');
    expect(after.json.rows.map(({ id }: { id: number }) => id)).not.toContain(first.id);
    expect((await consultant.post(`/my-customers/about-to-drop/${first.id}`, { note: '' })).status).toBe(422);
    expect((await service().stranger().get('/my-customers/about-to-drop')).status).toBe(401);
  });

  it('gives the head a count for each consultant', async () => {
    const { json } = await head.get('/my-customers/about-to-drop');
    expect(json.team.length).toBeGreaterThan(1);
    expect(json.team[0]).toMatchObject({ consultant: { name: expect.any(String) }, count: expect.any(Number) });
  });
});

describe('规则预演', () => {
  it('with the rules as they are differs in nothing, with shorter days in who would be lost', async () => {
    const same = await admin.get('/settings/preview');
    expect(same.status).toBe(200);
    const sum = (json: typeof same.json, field: string) =>
      json.consultants.reduce((total: number, own: Record<string, number>) => total + (own[field] ?? 0), 0);
    expect(sum(same.json, 'proposedLost')).toBe(sum(same.json, 'actualLost'));
    expect(same.json.consultants.flatMap((own: { lost: []; spared: [] }) => [...own.lost, ...own.spared])).toEqual([]);
    const shorter = await admin.get('/settings/preview?noContactDays=1');
    expect(sum(shorter.json, 'proposedLost')).toBeGreaterThan(sum(same.json, 'proposedLost'));
  });

  it('refuses what no setting may be, and whoever may not change settings', async () => {
    const wrong = await admin.get('/settings/preview?noContactDays=0&claimsADay=-1');
    expect(wrong).toMatchObject({
      status: 422,
      json: { error: { code: 'invalid_fields', fields: { noContactDays: '至少 1 天' } } },
    });
    expect((await head.get('/settings/preview')).status).toBe(403);
  });
});

describe('交接客户', () => {
  it('shows what a leaver holds, hands it over and deactivates, and the head keeps to the department', async () => {
    const { json: staff } = await admin.get('/staff?q=consultant6');
    const id = staff.rows[0].id;
    const before = await admin.get(`/staff/${id}/hand-over`);
    expect(before.json.person).toMatchObject({ id, name: '刘洋' });
    const held = before.json.person.following + before.json.person.enrolled;
    expect(held).toBeGreaterThan(0);
    expect(before.json.round.map(({ consultant }: { consultant: { name: string } }) => consultant.name)).not.toContain(
      '刘洋',
    );
    expect((await admin.post(`/staff/${id}/hand-over`, { to: 'one' })).status).toBe(422);
    expect((await consultant.post(`/staff/${id}/hand-over`, { to: 'rota' })).status).toBe(403);

    const done = await head.post(`/staff/${id}/hand-over`, { to: 'rota', deactivate: true });
    expect(done).toMatchObject({ status: 200, json: { moved: held, left: 0 } });
    // The head may hand over, not deactivate.
    expect((await admin.get(`/staff/${id}`)).json.row.active).toBe(true);
    const off = await admin.post('/staff/actions/deactivate', { ids: [id] });
    expect(off).toMatchObject({ status: 200, json: { message: '1 位停用了，登录都已退出' } });
    const { json: lecturers } = await admin.get('/staff?q=lecturer1');
    expect((await head.get(`/staff/${lecturers.rows[0].id}/hand-over`)).status).toBe(404);
  });
});
