import { z } from 'zod';
import { explainProblems } from '../kernel/explain-problems.ts';
import { SETTINGS, type SettingName } from '../settings/index.ts';
import type { RankRule, Rules } from './preview-rules.ts';

/** The settings one can try out, as they are called on the settings page. */
export const TRIED = ['noContactDays', 'noDealDays', 'claimsADay', 'followingCap'] as const satisfies SettingName[];

const number = (least: number, most: number) =>
  z.coerce.number('填整数').int('填整数').min(least, `至少 ${least}`).max(most, `最多 ${most}`);
const cap = z.preprocess((value) => (value === '' || value === null ? null : value), z.null().or(number(1, 10_000)));
const RANK = { weight: number(-1000, 1000), slots: number(0, 100), followingCap: cap, dailyCap: cap } as const;
type RankField = keyof typeof RANK;

/** A rank's field in the form: `weight-12` of consultant 12. */
export const rankField = (field: RankField, consultantId: number) => `${field}-${consultantId}`;

export type Proposal = { rules: Rules; problems: Record<string, string>; isChanged: boolean };

/** Reads the rules somebody proposes from the form's fields; what is left out is as now. */
export function readProposal(given: Readonly<Record<string, unknown>>, current: Rules): Proposal {
  const problems: Record<string, string> = {};
  const read = <T>(name: string, schema: z.ZodType<T>, now: T): T => {
    if (given[name] === undefined) return now;
    const parsed = schema.safeParse(given[name]);
    if (parsed.success) return parsed.data;
    problems[name] = Object.values(explainProblems(parsed.error))[0] ?? '填的不对';
    return now;
  };
  const ranks = current.ranks.map((rank): RankRule => {
    const of = <F extends RankField>(field: F) =>
      read(rankField(field, rank.consultantId), RANK[field] as z.ZodType<RankRule[F]>, rank[field]);
    return {
      consultantId: rank.consultantId,
      weight: of('weight'),
      slots: of('slots'),
      followingCap: of('followingCap'),
      dailyCap: of('dailyCap'),
    };
  });
  const settings = Object.fromEntries(
    TRIED.map((name) => [
      name,
      read<number | null>(name, SETTINGS[name].schema as z.ZodType<number | null>, current[name]),
    ]),
  ) as Omit<Rules, 'ranks'>;
  const rules = { ...settings, ranks };
  return { rules, problems, isChanged: JSON.stringify(rules) !== JSON.stringify(current) };
}
