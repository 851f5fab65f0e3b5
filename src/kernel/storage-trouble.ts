/** What keeps the database from answering: it is not reached, somebody holds what is asked for, its disk is full. */
export type StorageTrouble = 'away' | 'busy' | 'full';

const BY_CODE: Readonly<Record<string, StorageTrouble>> = {
  // SQLSTATE
  '53100': 'full',
  '53200': 'busy',
  '53300': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '25006': 'away',
  '57P01': 'away',
  '57P02': 'away',
  '57P03': 'away',
  '08000': 'away',
  '08001': 'away',
  '08003': 'away',
  '08004': 'away',
  '08006': 'away',
  // Node
  ENOSPC: 'full',
  EDQUOT: 'full',
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  EPIPE: 'away',
  ETIMEDOUT: 'away',
  EHOSTUNREACH: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  ENOENT: 'away',
  // Prisma
  P1001: 'away',
  P1002: 'away',
  P1008: 'busy',
  P1017: 'away',
  P2024: 'busy',
  P2028: 'busy',
};

/** node-postgres has no codes for a connection that ended under it. */
const ENDED =
  /connection (terminated|ended)|connection error and is not queryable|timeout exceeded when trying to connect/i;
const FULL = /no space left on device/i;

/** Which trouble of the database an error tells of, through whatever wraps it; null for every other error. */
export function storageTroubleOf(error: unknown): StorageTrouble | null {
  for (const { code, message } of layersOf(error)) {
    if (FULL.test(message)) return 'full';
    const found = BY_CODE[code] ?? (ENDED.test(message) ? 'away' : null);
    if (found && !(code === 'ENOENT' && !/connect/.test(message))) return found;
  }
  return null;
}

/** An error, and what its libraries wrapped; the innermost knows best, so it comes first. */
function layersOf(error: unknown): { code: string; message: string }[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, originalCode, message, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  const inner = [cause, meta, driverAdapterError].flatMap(layersOf);
  return [...inner, { code: String(originalCode ?? code ?? ''), message: String(message ?? '') }];
}
