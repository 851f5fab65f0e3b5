import { defineRefusals } from '../kernel/refusal.ts';

/** What the sandbox's own calls refuse. */
export const refuse = defineRefusals({
  no_such_phone: { status: 404, say: () => '桌上没有这部手机，GET /sandbox/phones 里有全部' },
  no_such_code: { status: 404, say: () => '没有这个二维码，可能不是这里生成的' },
  code_expired: { status: 409, say: () => '这个二维码已经过期，请在电脑上换一张新的再扫' },
  not_following: { status: 409, say: () => '这部手机还没有关注公众号，先扫码或点「关注」' },
  no_bot: { status: 409, say: () => '机器人没有打开，启动时设 BOT_PUPPET=mock 就能用' },
  bad_body: { status: 400, say: () => '请求内容不是正确的 JSON' },
  not_ours: { status: 422, say: () => '这个链接不在校信里，请用电脑的浏览器打开' },
});

/** What WeChat itself shows when the account does not answer. */
export const SERVICE_FAILED = '该公众号提供的服务出现故障，请稍后再试';
