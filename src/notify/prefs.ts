import { z } from 'zod';
import { CHANNELS, type ChannelName } from './channels/channel.ts';
import type { QuietHours } from './quiet.ts';

const hour = z.coerce.number('填整点').int('填整点').min(0, '0 到 23').max(23, '0 到 23');

/** A person's own wishes (`Person.notifyPrefs`): which channels in which order, and hours of quiet; each may be left out. */
export const NotifyPrefs = z.object({
  channels: z.array(z.enum(CHANNELS)).min(1, '至少留一种').optional(),
  quiet: z.object({ on: z.boolean(), from: hour, until: hour }).optional(),
});

export type NotifyPrefs = z.infer<typeof NotifyPrefs>;

/** What the school has set for everybody. */
export type SchoolQuiet = { on: boolean } & QuietHours;

/** The wishes out of their column; what does not fit counts as none. */
export function readPrefs(json: unknown): NotifyPrefs {
  return NotifyPrefs.catch({}).parse(json ?? {});
}

/** The channels for one person, in order: those wished for that the school has, or else all the school has. */
export function orderFor(prefs: NotifyPrefs, configured: readonly ChannelName[]): readonly ChannelName[] {
  const wished = prefs.channels?.filter((name) => configured.includes(name)) ?? [];
  return wished.length > 0 ? wished : configured;
}

/** The hours of quiet for one person: their own, or else the school's; null for none. */
export function quietFor(prefs: NotifyPrefs, school: SchoolQuiet): QuietHours | null {
  const { on, from, until } = prefs.quiet ?? school;
  return on ? { from, until } : null;
}
