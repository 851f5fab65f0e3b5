import { refuse as refuseAnybody } from '../kernel/refusal.ts';
import type { Scope } from '../kernel/scope.ts';
import { refuse } from './phrases.ts';
import type { CampusInput } from './schema.ts';

/** Adds a campus. @throws Refusal `name_taken` */
export async function addCampus({ tx }: Scope, { name, address = null }: CampusInput): Promise<{ id: number }> {
  const [made] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO "Campus" (name, address) VALUES (${name}, ${address}) ON CONFLICT (name) DO NOTHING RETURNING id`;
  if (!made) throw refuse.name_taken({ what: '校区', name });
  return made;
}

/** Changes a campus. @throws Refusal `name_taken`, `not_found` */
export async function editCampus({ tx }: Scope, id: number, change: Partial<CampusInput>): Promise<void> {
  const { name = null, address } = change;
  // Renamed only while the name is free; why it was not changed is read afterwards.
  const changed = await tx.$executeRaw`
    UPDATE "Campus" SET name = coalesce(${name}, name),
      address = CASE WHEN ${address === undefined} THEN address ELSE ${address ?? null} END
    WHERE id = ${id} AND NOT EXISTS (SELECT 1 FROM "Campus" o WHERE o.name = ${name} AND o.id <> ${id})`;
  if (changed > 0) return;
  if ((await tx.campus.count({ where: { id } })) === 0) throw refuseAnybody.not_found({ what: '个校区' });
  throw refuse.name_taken({ what: '校区', name: name ?? '' });
}

/** Deletes a campus nobody works or learns at. @throws Refusal `campus_in_use` */
export async function removeCampus({ tx }: Scope, id: number): Promise<void> {
  const count =
    (await tx.cohort.count({ where: { campusId: id } })) + (await tx.staff.count({ where: { campusId: id } }));
  if (count > 0) throw refuse.campus_in_use({ count });
  await tx.campus.deleteMany({ where: { id } });
}
