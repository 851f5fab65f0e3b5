import { definePage, type Page, type PageContext } from './define-page.ts';

/** One number of a person's day on their first page, and the list it counts: 3 位明早 2 点会掉. */
export type Figure = { title: string; value: number | string; path: string; tone?: 'good' | 'warn' | 'bad' };

/** The numbers that concern whoever asks; none where nothing does. */
export type ReadFigures = (context: PageContext) => Promise<readonly Figure[]>;

/** The first page: without a session the sign-in, else one's own numbers and one's menu as cards. */
export function homePages({ figures }: { figures?: ReadFigures }): Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/',
      permission: 'public',
      handler: async (c) => {
        if (!c.signedIn) return c.redirect('/login');
        const { actor, menu, bound } = c.signedIn;
        const mine = (await figures?.(c)) ?? [];
        if (c.wantsJson) return c.json({ menu, figures: mine });
        const minute = c.time.minuteOf(c.now);
        c.render('home', { name: actor.name, menu, bound, minute, figures: mine }, { title: '首页' });
      },
    }),
  ];
}
