/**
 * What each of a list is called: its name, and where another of the list has the same, what tells them apart behind it:
 * 王伟（wangwei2）, 王五（尾号 8000）. An empty mark leaves the name alone.
 */
export function tellApart<T extends { name: string }>(all: readonly T[], mark: (one: T) => string): string[] {
  const times = new Map<string, number>();
  for (const { name } of all) times.set(name, (times.get(name) ?? 0) + 1);
  return all.map((one) => {
    const apart = (times.get(one.name) ?? 0) > 1 ? mark(one) : '';
    return apart === '' ? one.name : `${one.name}（${apart}）`;
  });
}
