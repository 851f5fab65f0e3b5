import { z } from 'zod';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import { createItems } from './items.ts';
import { checkMenu, type createMenu, Menu, type PhoneMenu, withLeaves } from './menu.ts';
import type { Tags } from './tags.ts';

/** The phones on the desk, as match rules tell them: 1 iOS, 2 Android, 3 others. */
const PLATFORM_TYPE = '2';

const Rule = z.looseObject({
  tag_id: z.coerce.string().optional(),
  group_id: z.coerce.string().optional(),
  client_platform_type: z.coerce.string().optional(),
});
const Conditional = Menu.extend({ matchrule: Rule });
const ById = z.object({ menuid: z.coerce.string() });
const Try = z.object({ user_id: z.string() });

type Parts = SandboxParts & { menu: ReturnType<typeof createMenu>; tags: Tags };

/** Menus of their own for some followers (个性化菜单): by tag; the newest that matches wins over the default one. */
export function createConditionalMenus({ menu, tags, ...parts }: Parts) {
  const menus = createItems(parts, 'conditionalMenu', Conditional);
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/menu/addconditional', add),
    withToken('POST', '/cgi-bin/menu/delconditional', remove),
    withToken('POST', '/cgi-bin/menu/trymatch', tryMatch),
    withToken('GET', '/cgi-bin/menu/get', get),
    withToken('GET', '/cgi-bin/menu/delete', removeAll),
  ];
  return { calls, menuOf };

  /** The menu somebody's phone shows, or null. */
  async function menuOf(openid: string): Promise<PhoneMenu | null> {
    const all = await menus.list();
    const own = all.length > 0 ? (await tags.tagsOf(openid)).map(String) : [];
    const match = all.reverse().find(({ value: { matchrule } }) => matches(matchrule, own));
    return match ? { button: match.value.button } : menu.current();
  }

  async function add(request: ApiRequest) {
    const conditional = readBody(request, Conditional);
    if (!(await menu.current())) throw new PlatformError(65303, 'there is no selfmenu, please create selfmenu first');
    if (Object.values(conditional.matchrule).every((value) => value === undefined || value === ''))
      throw new PlatformError(65304, 'match rule empty');
    checkMenu(conditional);
    const menuid = String(await menus.nextNumber(208_379_533));
    await menus.put(menuid, conditional);
    return { menuid };
  }

  async function remove(request: ApiRequest) {
    if (!(await menus.remove(readBody(request, ById).menuid))) throw new PlatformError(65301, 'menuid not exist');
    return OK;
  }

  async function tryMatch(request: ApiRequest) {
    const { user_id } = readBody(request, Try);
    const phone = await parts.prisma.sandboxPhone.findUnique({ where: { openid: user_id } });
    if (!phone) throw new PlatformError(65302, 'no such user');
    const matched = await menuOf(user_id);
    if (!matched) throw new PlatformError(46003, 'menu no exist');
    return withLeaves(matched);
  }

  async function get() {
    const current = await menu.current();
    if (!current) throw new PlatformError(46003, 'menu no exist');
    const conditionalmenu = (await menus.list()).reverse().map(({ name, value }) => ({
      ...withLeaves(value),
      matchrule: value.matchrule,
      menuid: Number(name),
    }));
    return { menu: withLeaves(current), ...(conditionalmenu.length > 0 && { conditionalmenu }) };
  }

  async function removeAll() {
    await menu.remove();
    await menus.removeAll();
    return OK;
  }
}

function matches({ tag_id, group_id, client_platform_type }: z.infer<typeof Rule>, own: readonly string[]): boolean {
  const wanted = tag_id || group_id;
  return (!wanted || own.includes(wanted)) && (!client_platform_type || client_platform_type === PLATFORM_TYPE);
}
