import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/kernel/actor.ts';
import { wallNow } from '../../src/kernel/clock.ts';
import { createCheckGuess } from '../../src/people/guesses.ts';
import { createCheckCredentials, holdChecked } from '../../src/people/sign-in.ts';
import { createInProcessState } from '../../src/shared-state/index.ts';
import { PASSWORD, usePeople } from './people-school.ts';

const school = usePeople();
const HOUR_MS = 3_600_000;
const sessionCookie = (cookies: readonly string[]) => cookies.find((line) => line.startsWith('xiaoxin_session=')) ?? '';
const sessionsOf = (personId: number) => school.prisma().session.findMany({ where: { personId } });

describe('POST /login', () => {
  it('when name and password fit, answers the person and the token, and /me knows them', async () => {
    const li = await school.person({ name: '李娜', roles: ['staff', 'consultant'] });
    const visitor = school.visitor();

    const { status, body } = await visitor.signIn(li.username);

    expect({ status, body }).toMatchObject({
      status: 200,
      body: { person: { id: li.id, name: '李娜', roles: expect.arrayContaining(['staff', 'consultant']) } },
    });
    const me = await visitor.json('GET', '/me');
    expect(me).toMatchObject({ status: 200, body: { person: { id: li.id }, csrf: body.csrf, bound: false } });
    expect(me.body.menu).toContainEqual({ title: '公海', path: '/pool' });
  });

  it('when several roles share a menu entry, it comes once, in the roles’ order', async () => {
    const li = await school.person({ roles: ['staff', 'consultant', 'head'] });
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const paths = (await visitor.json('GET', '/me')).body.menu.map(({ path }: { path: string }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('/bind');
  });

  it('when written in capitals, the name fits all the same', async () => {
    const li = await school.person({ username: 'lina' });
    expect((await school.visitor().signIn(` ${li.username.toUpperCase()} `)).status).toBe(200);
  });

  it('when a wrong password, an unknown name and a deactivated person try, they get one and the same answer', async () => {
    const li = await school.person();
    const gone = await school.person({ active: false });
    const answers = [
      await school.visitor().signIn(li.username, 'not-the-one'),
      await school.visitor().signIn('nobody-here', PASSWORD),
      await school.visitor().signIn(gone.username, PASSWORD),
    ];
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({
        status: 401,
        body: { error: { code: 'wrong_credentials', message: '用户名或密码不对' } },
      });
  });

  it('when fields are missing, names them', async () => {
    const answer = await school.visitor().json('POST', '/login', {});
    expect(answer).toMatchObject({ status: 422, body: { error: { fields: { username: '请填写用户名' } } } });
  });

  it('when signed in without 一周内免登录, the cookie ends with the browser', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);

    const cookie = sessionCookie(visitor.cookies);
    expect(cookie).toMatch(/httponly/i);
    expect(cookie).toMatch(/samesite=lax/i);
    expect(cookie).not.toMatch(/expires=/i);
    expect(visitor.cookies.some((line) => line.startsWith('xiaoxin_session.sig='))).toBe(true);
    const [session] = await sessionsOf(li.id);
    expect((session?.expiresAt.getTime() ?? 0) - wallNow()).toBeLessThanOrEqual(24 * HOUR_MS);
  });

  it('when signed in with 一周内免登录, cookie and session hold seven days', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username, PASSWORD, { remember: true });

    expect(sessionCookie(visitor.cookies)).toMatch(/expires=/i);
    const [session] = await sessionsOf(li.id);
    const life = (session?.expiresAt.getTime() ?? 0) - (session?.createdAt.getTime() ?? 0);
    expect(life).toBe(7 * 24 * HOUR_MS);
  });

  it('when somebody reads the database, no session can be taken from it', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const token = /^xiaoxin_session=([^;]+)/.exec(sessionCookie(visitor.cookies))?.[1] ?? '';
    expect(token.length).toBeGreaterThanOrEqual(43);
    expect(JSON.stringify(await sessionsOf(li.id))).not.toContain(token);
  });

  it('when the session has run out, the person is asked to sign in and brought back', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    await school
      .prisma()
      .session.updateMany({ where: { personId: li.id }, data: { expiresAt: new Date(wallNow() - 1) } });

    expect((await visitor.json('GET', '/me')).status).toBe(401);
    const page = await visitor.fetch('/bind?from=mail', { headers: { Accept: 'text/html' } });
    expect(page.headers.get('Location')).toBe(`/login?next=${encodeURIComponent('/bind?from=mail')}`);
  });
});

describe('the sign-in page', () => {
  it('when a form is sent, goes on to where the person was going', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    const page = await (await visitor.fetch('/login?next=%2Fcustomers%3Fq%3Da')).text();
    expect(page).toContain('校信');
    expect(page).toContain('一周内免登录');
    expect(page).toContain('value="/customers?q=a"');

    const answer = await visitor.form('/login', { username: li.username, password: PASSWORD, next: '/customers?q=a' });
    expect({ status: answer.status, to: answer.headers.get('Location') }).toEqual({
      status: 303,
      to: '/customers?q=a',
    });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example'])(
    'when next leads elsewhere (%s), goes to the first page',
    async (next) => {
      const li = await school.person();
      const answer = await school.visitor().form('/login', { username: li.username, password: PASSWORD, next });
      expect(answer.headers.get('Location')).toBe('/');
    },
  );

  it('when the password is wrong, shows the form again with the name and without the password', async () => {
    const li = await school.person();
    const answer = await school
      .visitor()
      .form('/login', { username: li.username, password: 'wrong-secret', next: '/bind' });
    const page = await answer.text();
    expect(answer.status).toBe(401);
    expect(page).toContain('用户名或密码不对');
    expect(page).toContain(`value="${li.username}"`);
    expect(page).toContain('value="/bind"');
    expect(page).not.toContain('wrong-secret');
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
  ])('when another site sends the form (%s: %s), it is refused', async (name, value) => {
    const li = await school.person();
    const answer = await school.visitor().fetch('/login', {
      method: 'POST',
      body: new URLSearchParams({ username: li.username, password: PASSWORD }),
      headers: { Accept: 'application/json', [name]: value },
    });
    expect(answer.status).toBe(403);
    expect(await sessionsOf(li.id)).toEqual([]);
  });
});

describe('a session', () => {
  const endsIn = async (personId: number) => {
    const [session] = await sessionsOf(personId);
    return ((session?.expiresAt.getTime() ?? 0) - wallNow()) / HOUR_MS;
  };
  const lieUnused = (personId: number, hours: number) =>
    school.prisma().$executeRaw`
      UPDATE "Session" SET "expiresAt" = "expiresAt" - make_interval(hours => ${hours}) WHERE "personId" = ${personId}`;

  it.each([
    [false, 24],
    [true, 7 * 24],
  ])(
    '(一周内免登录: %s) that is used ends %i hours after its last use, and unused that long it has ended',
    async (remember, hours) => {
      const li = await school.person();
      const visitor = school.visitor();
      await visitor.signIn(li.username, PASSWORD, { remember });
      await lieUnused(li.id, hours - 1);
      expect((await visitor.json('GET', '/me')).status).toBe(200);
      expect(await endsIn(li.id)).toBeCloseTo(hours, 1);
      // The browser keeps the cookie as long.
      expect(/expires=/i.test(sessionCookie(visitor.cookies))).toBe(remember);

      await lieUnused(li.id, hours);
      expect((await visitor.json('GET', '/me')).status).toBe(401);
    },
  );

  it('that is used every minute is not written every minute', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    await lieUnused(li.id, 1);
    await visitor.json('GET', '/me');
    expect(await endsIn(li.id)).toBeCloseTo(23, 1);
  });

  it('that a browser had ends when somebody signs in there again; those elsewhere go on', async () => {
    const [li, wang] = [await school.person(), await school.person()];
    const [browser, phone] = [school.visitor(), school.visitor()];
    await browser.signIn(li.username);
    await phone.signIn(li.username);
    await browser.signIn(wang.username);
    expect(await sessionsOf(li.id)).toHaveLength(1);
    expect((await phone.json('GET', '/me')).body.person.id).toBe(li.id);
    await browser.signIn(wang.username);
    expect(await sessionsOf(wang.id)).toHaveLength(1);
  });
});

describe('a session begun while the account changes', () => {
  const check = () =>
    createCheckCredentials({
      prisma: school.prisma(),
      checkGuess: createCheckGuess({ passwords: school.passwords, shared }),
    });
  const shared = createInProcessState({ wallNow });

  it.each(['password', 'account'])('when the %s changes between check and session, no session begins', async (what) => {
    const li = await school.person();
    const checked = await check()({ username: li.username, password: PASSWORD, address: '1' });
    await school.prisma().person.update({
      where: { id: li.id },
      data: what === 'password' ? { passwordHash: 'another' } : { active: false },
    });
    const begin = school.inTransaction(systemActor, 'web', (scope) => holdChecked(scope, checked));
    await expect(begin).rejects.toMatchObject({ code: 'wrong_credentials' });
  });
});

describe('the limit on attempts', () => {
  it('when a name fails ten times, even the right password waits, but others get in', async () => {
    const [li, wang] = [await school.person(), await school.person()];
    const visitor = school.visitor();
    for (let n = 0; n < 10; n += 1) expect((await visitor.signIn(li.username, 'guess')).status).toBe(401);

    const late = await visitor.signIn(li.username);
    expect(late).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
    expect(late.body.error.message).toMatch(/\d+ 分钟后/);
    expect((await visitor.signIn(wang.username)).status).toBe(200);
  });

  it('when many guesses come at once, hardly more than the limit are checked', async () => {
    const li = await school.person();
    const answers = await Promise.all(Array.from({ length: 30 }, () => school.visitor().signIn(li.username, 'guess')));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(12);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(18);
  });

  it('when sign-ins succeed, they never count', async () => {
    const li = await school.person();
    for (let n = 0; n < 15; n += 1) expect((await school.visitor().signIn(li.username)).status).toBe(200);
  });
});

describe('the present password', () => {
  it('when guessed wrong ten times, even the right one waits, whatever session asks, and signing in goes on', async () => {
    const li = await school.person();
    const [here, there] = [school.visitor(), school.visitor()];
    await here.signIn(li.username);
    await there.signIn(li.username);
    const change = (visitor: typeof here, current: string) =>
      visitor.json('POST', '/me/password', { current, password: 'a-new-secret' });
    for (let n = 0; n < 10; n += 1) expect((await change(here, `guess-${n}`)).status).toBe(422);

    expect(await change(there, PASSWORD)).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
    expect((await school.visitor().signIn(li.username)).status).toBe(200);
  });
});

describe('the end of sessions', () => {
  it('when somebody signs out, only that session ends', async () => {
    const li = await school.person();
    const [here, there] = [school.visitor(), school.visitor()];
    await here.signIn(li.username);
    await there.signIn(li.username);
    expect((await here.json('POST', '/logout')).status).toBe(200);

    expect((await here.json('GET', '/me')).status).toBe(401);
    expect((await there.json('GET', '/me')).status).toBe(200);
  });

  it('when signing out lacks the token, the session goes on', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const token = visitor.csrf;
    visitor.csrf = '';
    expect((await visitor.json('POST', '/logout')).status).toBe(403);
    visitor.csrf = token;
    expect((await visitor.json('GET', '/me')).status).toBe(200);
  });

  it('when somebody changes their password, their other sessions end at once and the new one holds', async () => {
    const li = await school.person();
    const [here, there] = [school.visitor(), school.visitor()];
    await here.signIn(li.username);
    await there.signIn(li.username, PASSWORD, { remember: true });

    const changed = await here.json('POST', '/me/password', { current: PASSWORD, password: 'a-new-secret' });
    expect(changed.status).toBe(200);

    expect((await there.json('GET', '/me')).status).toBe(401);
    expect((await here.json('GET', '/me')).status).toBe(200);
    expect((await school.visitor().signIn(li.username)).status).toBe(401);
    expect((await school.visitor().signIn(li.username, 'a-new-secret')).status).toBe(200);
  });

  it('when the present password is wrong, nothing changes', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const answer = await visitor.json('POST', '/me/password', { current: 'not-it', password: 'a-new-secret' });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'wrong_password' } } });
    expect((await school.visitor().signIn(li.username)).status).toBe(200);
  });

  it('when the page of one’s own password gets a short one, says so at the field', async () => {
    const li = await school.person();
    const visitor = school.visitor();
    await visitor.signIn(li.username);
    const answer = await visitor.form('/me/password', { current: PASSWORD, password: '123' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('密码至少 10 位');
  });
});
