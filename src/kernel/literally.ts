const LIKE = ['contains', 'startsWith', 'endsWith'];

/** A condition that finds % and _ as they stand: Prisma hands its texts to LIKE as they are. */
export function literally<T>(where: T): T {
  if (Array.isArray(where)) return where.map(literally) as T;
  if (typeof where !== 'object' || where === null || Object.getPrototypeOf(where) !== Object.prototype) return where;
  const entries = Object.entries(where).map(([key, value]) => [
    key,
    LIKE.includes(key) && typeof value === 'string' ? value.replace(/[\\%_]/g, '\\$&') : literally(value),
  ]);
  return Object.fromEntries(entries);
}
