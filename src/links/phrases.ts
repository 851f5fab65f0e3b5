import { defineRefusals } from '../kernel/refusal.ts';

/** What somebody is told who cannot be let in by a link; each has a page and, for programs, a refusal. */
export const refuse = defineRefusals({
  link_broken: { status: 404, say: () => '这个链接不完整，回到消息里重新点一次' },
  link_expired: { status: 403, say: () => '这个链接过期了。登录校信就能看到最新的' },
  link_not_yours: { status: 403, say: () => '这个链接是发给别的同事的，只有本人能打开' },
  oauth_denied: { status: 403, say: () => '没拿到微信授权，所以不知道你是谁。点「重试」再来一次' },
  oauth_failed: { status: 403, say: () => '微信没认出你来，点「重试」再来一次' },
  oauth_stale: { status: 403, say: () => '这一步已经用过或过期了，点「重试」再来一次' },
  oauth_snapshot: { status: 403, say: () => '现在看到的是预览。点右下角「使用完整服务」，再点「重试」' },
  stranger: { status: 403, say: () => '这个微信还没绑定校信。请在电脑上登录，打开「绑定微信」扫码' },
});
