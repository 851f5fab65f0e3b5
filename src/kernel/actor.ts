/** Through which door a change came. */
export type Channel = 'chat' | 'web' | 'bot' | 'job' | 'import' | 'link' | 'system';

/** How far a person sees in tables that know owners. */
export type RowScope = 'own' | 'department' | 'campus' | 'all';

/** One named action, narrowed where params are given: {"source":["qqGroup"]}. */
export type Grant = { permission: string; scope: RowScope; params?: Record<string, readonly string[]> };

/** Somebody already identified, with what they may do. The system itself is an actor too (`id` null). */
export type Actor = {
  id: number | null;
  name: string;
  roles: readonly string[];
  grants: readonly Grant[];
  departmentId: number | null;
  campusId: number | null;
};

/** Jobs and start-up act as this. */
export const systemActor: Actor = {
  id: null,
  name: '系统',
  roles: ['system'],
  grants: [{ permission: '*', scope: 'all' }],
  departmentId: null,
  campusId: null,
};

/** The actor's person id, where a use case only makes sense for a person. */
export function personOf(actor: Actor): number {
  if (actor.id === null) throw new Error('this use case needs a person, not the system');
  return actor.id;
}
