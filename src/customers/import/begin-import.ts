import { personOf } from '../../kernel/actor.ts';
import type { Scope } from '../../kernel/scope.ts';
import { type Lease, readingUntil } from './leases.ts';
import { refuse } from './phrases.ts';
import { findImport } from './queries.ts';

/** Notes that a file was uploaded; every upload is an import of its own. */
export async function beginImport({ tx, now, actor }: Scope, fileName: string): Promise<Lease> {
  const until = readingUntil();
  const { id } = await tx.customerImport.create({
    data: { personId: personOf(actor), fileName: plain(fileName), createdAt: now, leaseUntil: until },
  });
  return { importId: id, until };
}

/**
 * Begins the run from the preview; one that runs or has ended stays as it is, so asking twice does no harm.
 * @throws Refusal `not_found`, `still_reading`, `not_readable`
 */
export async function startImport(scope: Scope, id: number): Promise<void> {
  const { state, problem } = await findImport(scope, id);
  if (state === 'reading') throw refuse.still_reading();
  if (state === 'failed') throw refuse.not_readable({ why: problem ?? '' });
  await scope.tx.$executeRaw`
    UPDATE "CustomerImport" SET state = 'running', "leaseUntil" = NULL WHERE id = ${id} AND state = 'preview'`;
}

/** Some browsers send a whole path. */
function plain(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1) ?? '';
  return name.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(-200) || '客户.xlsx';
}
