const SEEN_BEFORE_NAMED = 3;
const MOST_NAMES = 300;
const MOST_CANDIDATES = 2_000;

/**
 * Names prepared statements for a server: a text that keeps coming back gets a name of its own and is planned once per
 * connection; every other stays unnamed (''). At most `mostNames` names are ever given, because node-postgres never
 * gives one back to the server. Searches for a text stay unnamed: a plan that is kept knows nothing of the text, and at
 * a million customers took three to five times as long as one made for it.
 */
export function createStatementNames(mostNames = MOST_NAMES): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  const candidates = new Map<string, number>();
  return ({ sql }) => {
    if (sql.includes(' LIKE ')) return '';
    const name = names.get(sql);
    if (name) return name;
    if (names.size >= mostNames) return '';
    const seen = (candidates.get(sql) ?? 0) + 1;
    candidates.delete(sql);
    if (seen >= SEEN_BEFORE_NAMED) {
      const given = `x${names.size + 1}`;
      names.set(sql, given);
      return given;
    }
    candidates.set(sql, seen);
    if (candidates.size > MOST_CANDIDATES) forgetOldest(candidates);
    return '';
  };
}

function forgetOldest(candidates: Map<string, number>): void {
  const [oldest] = candidates.keys();
  if (oldest !== undefined) candidates.delete(oldest);
}
