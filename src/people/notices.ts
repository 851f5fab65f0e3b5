import { z } from 'zod';
import type { Declared } from '../notices/catalogue.ts';
import { defineNotice } from '../notices/define-notice.ts';

/**
 * A phone was released; `openid` is that phone: it is told, not the one bound since. Urgent, because held it would be
 * merged into what goes to the person's new phone.
 */
export const bindReleased = defineNotice({
  kind: 'bindReleased',
  title: '微信解绑',
  urgent: true,
  data: z.object({ by: z.string(), openid: z.string().optional() }),
  line: () => '这个微信已和校信解绑',
  more: (d) => [`${d.by}操作的，之后的通知不再发到这里`],
  link: '看绑定',
  openidIn: ({ openid }) => openid,
  sample: { by: '管理员' },
});

/** What bindings say. */
export const peopleNotices: Declared = { notices: [bindReleased] };
