/** A tap in the account menu: `key` comes back as a CLICK, `url` opens a page. `group` is the top entry it lies under. */
export type MenuEntry = { group: string; name: string } & ({ key: string } | { url: string });

type Button = { type: 'click'; name: string; key: string } | { type: 'view'; name: string; url: string };

/** The account menu as menu/create takes it. */
export type AccountMenu = { button: Array<Button | { name: string; sub_button: Button[] }> };

const LIMITS = { top: 3, sub: 5, topNameBytes: 16, subNameBytes: 60, keyBytes: 128, urlBytes: 1024 } as const;

/**
 * Builds the account menu: groups in the order they first appear, a group of one entry as that entry itself.
 * @throws Error that lists every limit of WeChat's the entries break; at start, not in front of a user
 */
export function buildMenu(entries: readonly MenuEntry[]): AccountMenu {
  const groups = new Map<string, MenuEntry[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);

  const faults = faultsOf(groups);
  if (faults.length > 0) throw new Error(`account menu: ${faults.join('; ')}`);
  return {
    button: [...groups].map(([name, members]) => {
      const [only, ...others] = members;
      return only && others.length === 0 ? buttonOf(only) : { name, sub_button: members.map(buttonOf) };
    }),
  };
}

function buttonOf(entry: MenuEntry): Button {
  if ('key' in entry) return { type: 'click', name: entry.name, key: entry.key };
  return { type: 'view', name: entry.name, url: entry.url };
}

function faultsOf(groups: Map<string, MenuEntry[]>): string[] {
  const faults: string[] = [];
  const check = (what: string, text: string, limit: number) => {
    const bytes = Buffer.byteLength(text);
    if (bytes === 0 || bytes > limit) faults.push(`${what} 「${text}」 has ${bytes} bytes, 1 to ${limit} are taken`);
  };
  if (groups.size === 0 || groups.size > LIMITS.top)
    faults.push(`${groups.size} top entries, 1 to ${LIMITS.top} are taken`);
  for (const [name, members] of groups) {
    const isAlone = members.length === 1;
    if (members.length > LIMITS.sub)
      faults.push(`「${name}」 has ${members.length} entries, at most ${LIMITS.sub} are taken`);
    if (!isAlone) check('name', name, LIMITS.topNameBytes);
    for (const member of members) {
      check('name', member.name, isAlone ? LIMITS.topNameBytes : LIMITS.subNameBytes);
      if ('key' in member) check('key', member.key, LIMITS.keyBytes);
      else check('url', member.url, LIMITS.urlBytes);
    }
  }
  return faults;
}
