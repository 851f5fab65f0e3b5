import { rowScope } from '../access/access.ts';
import type { SchoolTime } from '../kernel/school-time.ts';
import type { Catalogue } from '../notices/catalogue.ts';
import { defineTable, type Reader, type Row, type Table, type Where } from '../web/define-table.ts';
import { escapeHtml } from '../web/render.ts';
import { CHANNEL_TITLES, STATE_TITLES } from './phrases.ts';
import { resendNotices } from './resend-notices.ts';
import { readTries, type Try } from './tries.ts';

type NoticeRow = Row & {
  kind: string;
  data: unknown;
  entity: string | null;
  entityId: number | null;
  urgent: boolean;
  state: keyof typeof STATE_TITLES;
  channel: string | null;
  attempts: number;
  dueAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  createdAt: Date;
  lastError: string | null;
  tries: unknown;
  person: { id: number; name: string };
};

type NoticesShown = { time: SchoolTime; catalogue: Catalogue };

const OFTEN_SENT = ['wechat', 'email', 'sms', 'digest', 'held', 'demo'];
const SENT_CHANNELS = Object.fromEntries(OFTEN_SENT.map((name) => [name, CHANNEL_TITLES[name] ?? name]));

/**
 * 通知: what was sent to whom and what became of it, with the platform's own errors; read only but for 再发一次.
 * @param kick looks for due notices, after the commit
 */
export function notificationsTable({ time, catalogue, kick }: NoticesShown & { kick: () => void }): Table {
  return defineTable({
    id: 'notifications',
    title: '通知',
    unit: '条',
    model: 'notification',
    include: { person: { select: { id: true, name: true } } },
    fields: [
      { name: 'createdAt', title: '时间', kind: 'instant', sort: true, filter: true },
      {
        name: 'person',
        title: '发给',
        kind: 'relation',
        filter: (values) => ({ personId: { in: values.map(Number) } }),
        options: (tx, _, q) =>
          tx.person.findMany({
            where: { notices: { some: {} }, ...(q && { name: { contains: q } }) },
            select: { id: true, name: true },
            orderBy: { id: 'asc' },
            take: 200,
          }),
      },
      { name: 'kind', title: '种类', kind: 'choice', choices: catalogue.titles, filter: true },
      { name: 'text', title: '内容', kind: 'text' },
      {
        name: 'state',
        title: '状态',
        kind: 'choice',
        choices: STATE_TITLES,
        filter: true,
        sort: true,
        cell: ({ state }) => stateTag(String(state)),
      },
      { name: 'channel', title: '经由', kind: 'choice', choices: SENT_CHANNELS, filter: true },
      { name: 'lastError', title: '没到的原因', kind: 'text' },
      { name: 'attempts', title: '试过几次', kind: 'number', inList: false },
      { name: 'urgent', title: '紧急', kind: 'flag', inList: false, filter: true },
      { name: 'dueAt', title: '应发', kind: 'instant', inList: false, sort: true },
      { name: 'sentAt', title: '发出', kind: 'instant', inList: false, sort: true },
      { name: 'deliveredAt', title: '送达', kind: 'instant', inList: false },
    ],
    visible: visibleNotices,
    search: (q) => ({ OR: [{ person: { name: { contains: q } } }, { lastError: { contains: q } }] }),
    defaultSort: '-id',
    present: (row) => presentNotice(row as NoticeRow, { time, catalogue }),
    nameOf: ({ kind, person }) => `${catalogue.titles[String(kind)] ?? kind} · ${(person as { name: string }).name}`,
    card: ({ text, state }) => [String(text), STATE_TITLES[state as keyof typeof STATE_TITLES] ?? String(state)],
    presets: [
      { title: '没发出去的', query: () => 'state=dead&state=unreachable' },
      { title: '在排队的', query: () => 'state=queued&state=sending' },
    ],
    actions: [
      {
        name: 'resend',
        title: '再发一次',
        permission: 'notifications.resend',
        offered: ({ state }) => state === 'dead' || state === 'unreachable',
        run: async (scope, id) => {
          await resendNotices(scope, [id]);
          scope.afterCommit(kick);
          return { message: '再发一次' };
        },
        sum: (_, count) => ({ message: `${count} 条再发一次`, count }),
      },
    ],
    links: [{ title: '模板', href: '/settings/templates', permission: 'settings.edit' }],
    timeline: async ({ tx }, id) => {
      const row = await tx.notification.findUniqueOrThrow({ where: { id }, select: { tries: true } });
      return readTries(row.tries)
        .map((line) => ({ day: time.dayOf(new Date(line.at)), text: sayTry(line, time) }))
        .reverse();
    },
    empty: '还没有通知。分配、预定、上课提醒发出后会在这里',
  });
}

/** One's own, those of the department, or all, as the roles have it. */
export function visibleNotices({ actor }: Reader): Where {
  const scope = rowScope(actor, 'notifications.list');
  if (scope === 'all') return {};
  if (scope === 'campus' && actor.campusId) return { person: { staff: { campusId: actor.campusId } } };
  if (scope === 'department' && actor.departmentId) return { person: { staff: { departmentId: actor.departmentId } } };
  return { personId: actor.id ?? 0 };
}

function presentNotice(row: NoticeRow, { time, catalogue }: NoticesShown): Record<string, unknown> & { id: number } {
  const { id, kind, person, state, urgent, channel, attempts, entity, entityId, lastError } = row;
  const { createdAt, dueAt, sentAt, deliveredAt } = row;
  return {
    id,
    kind,
    person,
    text: catalogue.word(kind, row.data).first,
    state,
    urgent,
    channel,
    attempts,
    entity,
    entityId,
    lastError,
    createdAt,
    dueAt,
    sentAt,
    deliveredAt,
    tries: readTries(row.tries).map((line) => ({ ...line, at: time.iso(new Date(line.at)) })),
  };
}

const TONES: Readonly<Record<string, string>> = { sent: ' good', dead: ' bad', unreachable: ' warn' };

function stateTag(state: string): string {
  const title = STATE_TITLES[state as keyof typeof STATE_TITLES] ?? state;
  return `<span class="tag${TONES[state] ?? ''}">${escapeHtml(title)}</span>`;
}

const SAID = { sent: '发出', again: '没成，再试', later: '要等', refused: '被拒', unavailable: '到不了' } as const;

/** 14:30 微信：没成，再试（-1 system error） */
function sayTry({ channel, at, is, way, error }: Try, time: SchoolTime): string {
  const moment = time.format(new Date(at)).slice(-5);
  const through = `${CHANNEL_TITLES[channel] ?? channel}${way === 'custom' ? '客服消息' : way === 'template' ? '模板消息' : ''}`;
  if (is === 'resend') return `${moment} ${error ?? ''}让它再发一次`;
  const said = is && is in SAID ? SAID[is as keyof typeof SAID] : '';
  return `${moment} ${through}：${said}${error ? `（${error}）` : ''}`;
}
