export { CHANNELS, type Channel, type ChannelName } from './channels/channel.ts';
export { createChannels } from './channels/create-channels.ts';
export { createEmailChannel } from './channels/email.ts';
export { createSmsChannel } from './channels/sms.ts';
export { createWechatChannel, type LinkFor } from './channels/wechat.ts';
export { createNoticeFigures } from './figures.ts';
export { heardAt, noteFollowing, noteUnfollowed, type WechatUser } from './followers.ts';
export { clearSentNotices } from './jobs.ts';
<<<<<<< HEAD
export { type FieldMap, SAMPLE_DAY, sampleValues, seedNoticeTemplates, syncTemplates } from './map-templates.ts';
export { createOutbox, type Outbox } from './outbox.ts';
export { notifyPages } from './pages.ts';
export { notificationsTable } from './table.ts';
export { templateFinished } from './template-finished.ts';
export { fitValue } from './template-values.ts';
=======
export { type FieldMap, seedNoticeTemplates, syncTemplates } from './map-templates.ts';
export { measurePauses } from './measure-pauses.ts';
export { createOutbox, type Outbox } from './outbox.ts';
export { notifyPages } from './pages.ts';
export { createPauses } from './pauses.ts';
export { KIND_TITLES, wordNotice } from './phrases.ts';
export { notificationsTable } from './table.ts';
export { templateFinished } from './template-finished.ts';
export { createTemplateReports } from './template-reports.ts';
>>>>>>> review-doors
export { openWindow } from './windows.ts';
export { withdrawNotices } from './withdraw-notices.ts';
export { writeNotices } from './write-notices.ts';
