import type { Channel, ChannelName } from './channel.ts';
import { createEmailChannel } from './email.ts';
import { createSmsChannel } from './sms.ts';
import { createWechatChannel, type WechatChannelParts } from './wechat.ts';

export type ChannelConfig = {
  /** In the order they are tried. */
  channels: readonly ChannelName[];
  smtpUrl?: string | undefined;
  mailFrom?: string | undefined;
  smsUrl?: string | undefined;
};

/** The ways out that the school has: those it named, as far as their address is configured. `close` ends their connections. */
export function createChannels({ channels, smtpUrl, mailFrom, smsUrl }: ChannelConfig, parts: WechatChannelParts) {
  const { linkFor, catalogue, clock } = parts;
  const email = smtpUrl && mailFrom ? createEmailChannel({ smtpUrl, from: mailFrom, linkFor, catalogue }) : null;
  const configured: Record<ChannelName, Channel | null> = {
    wechat: createWechatChannel(parts),
    email,
    sms: smsUrl ? createSmsChannel({ smsUrl, linkFor, catalogue, clock }) : null,
  };
  return { channels: channels.flatMap((name) => configured[name] ?? []), close: () => email?.close() };
}
