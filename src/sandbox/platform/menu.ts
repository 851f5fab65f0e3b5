import { z } from 'zod';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';

const Entry = z.looseObject({
  type: z.string().optional(),
  name: z.string().default(''),
  key: z.string().optional(),
  url: z.string().optional(),
});
const Button = Entry.extend({ sub_button: z.array(Entry).optional() });
/** A menu as it is given and kept. */
export const Menu = z.object({ button: z.array(Button) });

/** The account's menu as the phones show it. */
export type PhoneMenu = z.infer<typeof Menu>;

const KEY = 'menu';
const TAPPED = /^(click|scancode_push|scancode_waitmsg|pic_sysphoto|pic_photo_or_album|pic_weixin|location_select)$/;

/** The menu below the conversation, with the platform's limits on it. */
export function createMenu({ prisma, clock }: SandboxParts) {
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/menu/create', create),
    withToken('GET', '/cgi-bin/get_current_selfmenu_info', info),
  ];
  return { calls, current, remove };

  /** The menu as set, or null. */
  async function current(): Promise<PhoneMenu | null> {
    const row = await prisma.sandboxItem.findUnique({ where: { key: KEY } });
    return row ? Menu.parse(row.value) : null;
  }

  async function create(request: ApiRequest) {
    const menu = readBody(request, Menu);
    checkMenu(menu);
    const value = menu as unknown as Prisma.InputJsonObject;
    await prisma.sandboxItem.upsert({
      where: { key: KEY },
      create: { key: KEY, kind: 'menu', value, createdAt: clock.now() },
      update: { value },
    });
    return OK;
  }

  /** Leaves the account without a menu. */
  async function remove(): Promise<void> {
    await prisma.sandboxItem.deleteMany({ where: { key: KEY } });
  }

  /** The same as the console shows it: sub-entries in a list of their own. */
  async function info() {
    const menu = await current();
    if (!menu) return { is_menu_open: 0 };
    const button = menu.button.map(({ sub_button, ...top }) =>
      sub_button?.length ? { name: top.name, sub_button: { list: sub_button } } : top,
    );
    return { is_menu_open: 1, selfmenu_info: { button } };
  }
}

/** A menu as the platform gives it back: entries without entries below them say so. */
export function withLeaves({ button }: PhoneMenu) {
  return {
    button: button.map(({ sub_button = [], ...top }) => ({
      ...top,
      sub_button: sub_button.map((sub) => ({ ...sub, sub_button: [] })),
    })),
  };
}

/** Holds a menu to the platform's limits. @throws PlatformError */
export function checkMenu({ button }: PhoneMenu): void {
  if (button.length < 1 || button.length > 3) throw new PlatformError(40016, 'invalid button size');
  for (const top of button) {
    if (!fits(top.name, 16)) throw new PlatformError(40018, 'invalid button name size');
    if (!top.sub_button?.length) {
      checkEntry(top, { type: 40017, key: 40019, url: 40020 });
      continue;
    }
    if (top.sub_button.length > 5) throw new PlatformError(40023, 'invalid sub button size');
    for (const sub of top.sub_button) {
      if (!fits(sub.name, 60)) throw new PlatformError(40025, 'invalid sub button name size');
      checkEntry(sub, { type: 40024, key: 40026, url: 40027 });
    }
  }
}

type Codes = { type: number; key: number; url: number };

function checkEntry(entry: z.infer<typeof Entry>, codes: Codes): void {
  if (entry.type === 'view') {
    if (!fits(entry.url ?? '', 1024)) throw new PlatformError(codes.url, 'invalid button url size');
  } else if (TAPPED.test(entry.type ?? '')) {
    if (!fits(entry.key ?? '', 128)) throw new PlatformError(codes.key, 'invalid button key size');
  } else throw new PlatformError(codes.type, 'invalid button type');
}

function fits(text: string, bytes: number): boolean {
  const length = Buffer.byteLength(text);
  return length > 0 && length <= bytes;
}
