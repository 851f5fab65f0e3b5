/** A template message. `data` maps the template's own field names (thing1 …) to their values. */
export type TemplateMessage = {
  openid: string;
  templateId: string;
  data: Record<string, string>;
  url?: string;
  /** Wins over `url` where both are given. */
  miniProgram?: { appId: string; path: string };
  /** Sent once per openid and id in 10 minutes; only with it is a lost send repeated. */
  clientMsgId?: string;
};

/** A customer-service message; only to somebody who wrote, tapped or scanned lately. */
export type CustomMessage =
  | { type: 'text'; text: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'news'; title: string; description: string; url: string; pictureUrl: string }
  | { type: 'miniProgram'; title: string; appId: string; path: string; thumbMediaId: string }
  | { type: 'menu'; head: string; items: { id: string; text: string }[]; tail: string };

/** A template message as template/send takes it. */
export function templateBody({ openid, templateId, data, url, miniProgram, clientMsgId }: TemplateMessage): object {
  return {
    touser: openid,
    template_id: templateId,
    url,
    miniprogram: miniProgram && { appid: miniProgram.appId, pagepath: miniProgram.path },
    client_msg_id: clientMsgId,
    data: Object.fromEntries(Object.entries(data).map(([field, value]) => [field, { value }])),
  };
}

/** A customer-service message as custom/send takes it, without the recipient. */
export function customBody(message: CustomMessage): object {
  switch (message.type) {
    case 'text':
      return { msgtype: 'text', text: { content: message.text } };
    case 'image':
    case 'voice':
      return { msgtype: message.type, [message.type]: { media_id: message.mediaId } };
    case 'news': {
      const { title, description, url, pictureUrl: picurl } = message;
      return { msgtype: 'news', news: { articles: [{ title, description, url, picurl }] } };
    }
    case 'miniProgram': {
      const { title, appId: appid, path: pagepath, thumbMediaId: thumb_media_id } = message;
      return { msgtype: 'miniprogrampage', miniprogrampage: { title, appid, pagepath, thumb_media_id } };
    }
    case 'menu': {
      const list = message.items.map(({ id, text }) => ({ id, content: text }));
      return { msgtype: 'msgmenu', msgmenu: { head_content: message.head, list, tail_content: message.tail } };
    }
  }
}
