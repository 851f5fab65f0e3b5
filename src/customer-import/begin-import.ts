import { personOf } from '../kernel/actor.ts';
import { visible } from '../kernel/normal/text.ts';
import type { Scope } from '../kernel/scope.ts';
import { type Lease, readingUntil } from './leases.ts';
import { FIRST_PLAN } from './plan.ts';

/** Notes that a file was uploaded and keeps it until its import ends; every upload is an import of its own. */
export async function beginImport({ tx, now, actor }: Scope, fileName: string, bytes: Buffer): Promise<Lease> {
  const until = readingUntil();
  const { id } = await tx.customerImport.create({
    data: {
      personId: personOf(actor),
      fileName: plain(fileName),
      plan: FIRST_PLAN,
      createdAt: now,
      leaseUntil: until,
      file: { create: { bytes: new Uint8Array(bytes) } },
    },
    select: { id: true },
  });
  return { importId: id, until };
}

/** Some browsers send a whole path. */
function plain(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1) ?? '';
  return (
    visible(name)
      .replace(/\p{Cc}/gu, '')
      .slice(-200) || '客户.xlsx'
  );
}
