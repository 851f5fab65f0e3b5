import { personOf, systemActor } from '../kernel/actor.ts';
import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import { definePage, type FormProblems, type Page, type PageContext } from '../web/define-page.ts';
import { demandOwnPage } from '../web/middleware/refuse-foreign.ts';
import { loadActor } from './load-actor.ts';
import type { ManagePeople } from './manage-people.ts';
import { refuse } from './phrases.ts';
import { ChangePassword, SignIn, safeNext } from './schema.ts';
import { beginSession, endSession } from './sessions.ts';
import { type CheckCredentials, holdChecked } from './sign-in.ts';

/** What a sign-in page hints at in the demo school: the accounts and their password. */
export type DemoHint = { accounts: readonly string[]; password: string };

/** Signing in and out, who one is, and one's own password. */
export function signInPages(parts: {
  checkCredentials: CheckCredentials;
  people: ManagePeople;
  demo: () => DemoHint | null;
}): readonly Page[] {
  const { checkCredentials, people, demo } = parts;

  function showSignIn(c: PageContext, problems?: FormProblems) {
    const next = String(problems?.values.next ?? c.ctx.query.next ?? '');
    c.render(
      'people/login',
      { values: problems?.values ?? {}, fields: problems?.fields, message: problems?.message, next, demo: demo() },
      { title: '登录', layout: 'bare', status: problems?.status, styles: ['people.css'] },
    );
  }
  const showPassword = (c: PageContext, problems?: FormProblems) =>
    c.render(
      'people/password',
      { fields: problems?.fields, message: problems?.message },
      { title: '改密码', crumbs: [{ title: '改密码' }], status: problems?.status },
    );

  return [
    definePage({
      method: 'GET',
      path: '/login',
      permission: 'public',
      handler: (c) =>
        c.signedIn && !c.wantsJson ? c.redirect(safeNext(String(c.ctx.query.next ?? '/'))) : showSignIn(c),
    }),
    definePage({
      method: 'POST',
      path: '/login',
      permission: 'public',
      csrf: false,
      invalid: showSignIn,
      handler: async (c) => {
        // No session's token guards this form: another site must not sign somebody in under its own account.
        demandOwnPage(c.ctx);
        const { username, password, remember, next } = c.input(SignIn);
        const checked = await checkCredentials({ username, password, address: c.ctx.ip });
        const { session, person } = await c.inTransactionAs(systemActor, 'web', async (scope) => {
          const { personId } = await holdChecked(scope, checked);
          const session = await beginSession(scope, { personId, remember, replaces: c.signedIn?.sessionId });
          return { session, person: await loadActor(scope.tx, personId) };
        });
        if (!person) throw refuse.wrong_credentials();
        c.startSession(session.token, { remember });
        if (!c.wantsJson) return c.redirect(safeNext(next));
        c.json({ person: { id: person.id, name: person.name, roles: person.roles }, csrf: session.csrf });
      },
    }),
    definePage({
      method: 'POST',
      path: '/logout',
      permission: 'signedIn',
      handler: async (c) => {
        const sessionId = c.signedIn?.sessionId ?? '';
        await c.inTransaction((scope) => endSession(scope, sessionId));
        c.endSession();
        if (c.wantsJson) return c.json({ ok: true });
        c.redirect('/login');
      },
    }),
    definePage({
      method: 'GET',
      path: '/me',
      permission: 'signedIn',
      handler: (c) => {
        const { actor, csrf, menu, bound } = c.signedIn ?? notSignedIn();
        if (!c.wantsJson) return c.redirect('/me/password');
        c.json({ person: { id: actor.id, name: actor.name, roles: actor.roles }, csrf, menu, bound });
      },
    }),
    definePage({ method: 'GET', path: '/me/password', permission: 'signedIn', handler: (c) => showPassword(c) }),
    definePage({
      method: 'POST',
      path: '/me/password',
      permission: 'signedIn',
      invalid: showPassword,
      handler: async (c) => {
        const { current, password } = c.input(ChangePassword);
        const { actor, sessionId } = c.signedIn ?? notSignedIn();
        await c.inTransaction((scope) =>
          people.changePassword(scope, { personId: personOf(actor), current, password, keep: sessionId }),
        );
        if (c.wantsJson) return c.json({ ok: true });
        c.redirect('/', '密码改好了，其他地方的登录都已退出');
      },
    }),
  ];
}

function notSignedIn(): never {
  throw refuseAnybody.not_signed_in();
}
