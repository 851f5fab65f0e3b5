import type { PrismaClient } from '../generated/prisma/client.ts';
import type { FieldMap, Mapping } from './map-templates.ts';

/** So long another node's change of a mapping may go unseen. */
const FRESH_MS = 2000;

/** The mappings of kinds to templates, read for every few sendings instead of each. */
export function createMappings(parts: { prisma: PrismaClient; appId: string; wallNow: () => number }) {
  const { prisma, appId, wallNow } = parts;
  let kept: { at: number; byKind: Promise<ReadonlyMap<string, Mapping>> } | null = null;

  return {
    async get(kind: string): Promise<Mapping | undefined> {
      const at = wallNow();
      if (!kept || Math.abs(at - kept.at) > FRESH_MS) {
        const fresh = { at, byKind: readMappings(prisma, appId) };
        kept = fresh;
        fresh.byKind.catch(() => {
          if (kept === fresh) kept = null;
        });
      }
      return (await kept.byKind).get(kind);
    },
    forget: () => {
      kept = null;
    },
  };
}

/** All mappings of an account. */
export async function readMappings(
  prisma: Pick<PrismaClient, 'noticeTemplate'>,
  appId: string,
): Promise<Map<string, Mapping>> {
  const rows = await prisma.noticeTemplate.findMany({ where: { appId } });
  return new Map(
    rows.map(({ kind, templateId, fields }) => [kind, { kind, templateId, fields: fields as FieldMap | null }]),
  );
}
