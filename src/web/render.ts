import { randomBytes } from 'node:crypto';
import { Eta } from 'eta';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Assets } from './assets.ts';
import type { Crumb, FlashTone, MenuEntry, Shell, SignedIn } from './define-page.ts';
import { KEY_FIELD } from './once-by-key.ts';

/** What the shell needs to know of the request besides what the page says. */
export type Around = {
  path: string;
  today: SchoolDay;
  signedIn: SignedIn | null;
  inWechat: boolean;
  flash: { message: string; tone: FlashTone } | null;
};

export type Render = (template: string, model: Record<string, unknown>, shell: Shell, around: Around) => string;

const MOST_IN_BAR = 4;

/** Renders templates of a folder, each put into layout.html; `it` is the page's model and a little of the shell. */
export function createRender({ folder, assets, cache }: { folder: string; assets: Assets; cache: boolean }): Render {
  const eta = new Eta({ views: folder, defaultExtension: '.html', cache });
  return (template, model, shell, around) => {
    const csrf = around.signedIn?.csrf ?? '';
    const common = {
      csrf,
      signedIn: around.signedIn,
      today: around.today,
      inWechat: around.inWechat,
      asset: (name: string) => assets.href(name),
    };
    const body = eta.render(`/${template}`, withFormFields({ ...model, ...common }, csrf));
    return eta.render('/layout', withFormFields({ ...common, ...frame(shell, around), body }, csrf));
  };
}

/** What every form carries, `csrfField`: the session's token, and a key of its own, so that a double tap is one write. */
function withFormFields(model: Record<string, unknown>, csrf: string): Record<string, unknown> {
  const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
  const get = () => hidden('_csrf', csrf) + hidden(KEY_FIELD, randomBytes(12).toString('base64url'));
  return Object.defineProperty(model, 'csrfField', { get, enumerable: true });
}

/** The shell's own view model: which entries are current, where back leads. */
function frame(shell: Shell, around: Around) {
  const crumbs = shell.crumbs ?? [];
  const entries = around.signedIn?.menu ?? [];
  const here = currentEntry(entries, around.path);
  const menu = entries.map((entry) => ({ ...entry, current: entry === here }));
  return {
    title: shell.title,
    layout: shell.layout ?? (around.signedIn ? 'app' : 'bare'),
    wide: shell.wide ?? false,
    crumbs,
    back: shell.back ?? backOf(crumbs),
    menu,
    // Four fit; where there are more, the fourth opens them all.
    bar: menu.length > MOST_IN_BAR ? menu.slice(0, MOST_IN_BAR - 1) : menu,
    barHasMore: menu.length > MOST_IN_BAR,
    flash: around.flash,
    scripts: shell.scripts ?? [],
    styles: shell.styles ?? [],
  };
}

/** The entry that leads nearest to a page: 导入客户 and not also 客户 for /customers/import. */
function currentEntry(entries: readonly MenuEntry[], path: string): MenuEntry | undefined {
  const baseOf = (entry: MenuEntry) => entry.path.split('?')[0] ?? '';
  return entries
    .filter((entry) => path === baseOf(entry) || path.startsWith(`${baseOf(entry)}/`))
    .sort((a, b) => baseOf(b).length - baseOf(a).length)[0];
}

function backOf(crumbs: readonly Crumb[]): string | null {
  return crumbs.slice(0, -1).findLast((crumb) => crumb.path)?.path ?? null;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML shows it; for cells that make their own markup. */
export function escapeHtml(text: unknown): string {
  return String(text ?? '').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
