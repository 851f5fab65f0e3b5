import { monthEarlier } from '../customers/index.ts';
import { lastDueTime } from '../jobs/due-times.ts';
import type { SchoolDay } from '../kernel/school-time.ts';
import type { Scope } from '../kernel/scope.ts';
import { readSettings, SETTINGS } from '../settings/index.ts';
import { definePage, type Page } from '../web/define-page.ts';
import { type Preview, previewRules, type ReplayTurns, type Rules } from './preview-rules.ts';
import { readHistory } from './read-history.ts';
import { type Proposal, rankField, readProposal, TRIED } from './read-proposal.ts';
import { sayGroups, saySummary } from './say-preview.ts';

type Named = { id: number; name: string };
type Span = { from: SchoolDay; to: SchoolDay };
type Result = Span & { proposal: Proposal; ranked: Named[]; preview: Preview | null; isWhole: boolean };

/** 规则预演: what other day counts, caps and weights would have made of last month, before they are set. */
export function rulePreviewPages({ replayTurns }: { replayTurns: ReplayTurns }): readonly Page[] {
  return [
    definePage({
      method: 'GET',
      path: '/settings/preview',
      permission: 'settings.edit',
      handler: async (c) => {
        const result = await c.inTransaction((scope) => preview(scope, c.ctx.query, replayTurns));
        if (c.wantsJson) return c.json(asJson(result), result.preview ? 200 : 422);
        c.render('customers/rule-preview/preview', asModel(result), shellOf(result));
      },
    }),
  ];
}

async function preview(
  scope: Scope,
  given: Readonly<Record<string, unknown>>,
  replayTurns: ReplayTurns,
): Promise<Result> {
  const { tx } = scope;
  const { current, ranked } = await readRules(scope);
  const proposal = readProposal(given, current);
  const { from, to } = await lastMonth(scope);
  if (Object.keys(proposal.problems).length > 0) return { proposal, ranked, from, to, preview: null, isWhole: true };
  const { spells, isWhole } = await readHistory(scope, { from, to });
  const people = await tx.person.findMany({
    where: { id: { in: ranked.map(({ id }) => id) } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const rules = { current, proposed: proposal.rules };
  const found = previewRules(spells, rules, { from, to, names, replayTurns });
  return { proposal, ranked, from, to, preview: found, isWhole };
}

/** The month up to the last sweep: what the coming one takes has not been lost, also between midnight and two. */
async function lastMonth({ tx, time, now, today }: Scope): Promise<Span> {
  const swept = lastDueTime((await readSettings(tx)).sweepCron, time.zone, now);
  return { from: monthEarlier(today), to: swept ? time.dayOf(swept) : today };
}

async function readRules({ tx }: Scope): Promise<{ current: Rules; ranked: Named[] }> {
  const { noContactDays, noDealDays, claimsADay, followingCap } = await readSettings(tx);
  const ranks = await tx.salesRank.findMany({
    where: { consultant: { active: true } },
    include: { consultant: { select: { id: true, name: true } } },
    orderBy: [{ weight: 'desc' }, { consultantId: 'asc' }],
  });
  return {
    current: {
      noContactDays,
      noDealDays,
      claimsADay,
      followingCap,
      ranks: ranks.map((rank) => ({
        consultantId: rank.consultantId,
        weight: rank.weight,
        slots: rank.slots,
        followingCap: rank.followingCap,
        dailyCap: rank.dailyCap,
      })),
    },
    ranked: ranks.map(({ consultant }) => consultant),
  };
}

function shellOf({ preview }: Result) {
  return {
    title: '规则预演',
    crumbs: [{ title: '设置', path: '/settings' }, { title: '规则预演' }],
    styles: ['rule-preview.css'],
    ...(preview === null && { status: 422 }),
  };
}

function asJson({ proposal, from, to, preview, isWhole }: Result) {
  if (!preview)
    return {
      error: { code: 'invalid_fields', message: Object.values(proposal.problems)[0], fields: proposal.problems },
    };
  return {
    from,
    to,
    proposed: proposal.rules,
    isWhole,
    consultants: preview.consultants.map(({ consultant, lost, spared, gained, given, refused, ...counts }) => ({
      consultant,
      ...counts,
      lost: lost.map(({ spell, drop }) => ({ customer: spell.customer, day: drop?.day, reason: drop?.reason })),
      spared: spared.map(({ spell, drop }) => ({ customer: spell.customer, day: drop?.day ?? null })),
      gained: gained.map(({ spell }) => ({ customer: spell.customer, from: spell.consultant })),
      given: given.map(({ spell, toId }) => ({ customer: spell.customer, toId })),
      refused: refused.map(({ spell, cap }) => ({ customer: spell.customer, day: spell.date, cap })),
    })),
  };
}

function asModel({ proposal, ranked, from, to, preview, isWhole }: Result) {
  const { rules, problems } = proposal;
  const names = new Map(ranked.map(({ id, name }) => [id, name]));
  const nameOf = (id: number | null) => (id === null ? '公海' : (names.get(id) ?? '已离职'));
  return {
    span: `${from.slice(5)} 至 ${to.slice(5)}`,
    fields: TRIED.map((name) => ({
      name,
      title: SETTINGS[name].title,
      type: 'number',
      value: rules[name] ?? '',
      problem: problems[name],
      hint: SETTINGS[name].hint,
      optional: false,
    })),
    ranks: rules.ranks.map(({ consultantId, weight, slots, followingCap, dailyCap }) => ({
      name: nameOf(consultantId),
      cells: Object.entries({ weight, slots, followingCap, dailyCap }).map(([field, value]) => {
        const name = rankField(field as 'weight', consultantId);
        return {
          name,
          label: `${nameOf(consultantId)}的${RANK_TITLES[field]}`,
          value: value ?? '',
          problem: problems[name],
        };
      }),
    })),
    isChanged: proposal.isChanged,
    isWhole,
    summary: preview && saySummary(preview),
    consultants: (preview?.consultants ?? [])
      .map((own) => ({ ...own, groups: sayGroups(own, rules, nameOf) }))
      .sort((a, b) => sizeOf(b.groups) - sizeOf(a.groups) || a.consultant.id - b.consultant.id),
  };
}

const RANK_TITLES: Readonly<Record<string, string>> = {
  weight: '权重',
  slots: '数量',
  followingCap: '在跟上限',
  dailyCap: '每日上限',
};

function sizeOf(groups: readonly { lines: readonly unknown[]; more: number }[]): number {
  return groups.reduce((sum, { lines, more }) => sum + lines.length + more, 0);
}
