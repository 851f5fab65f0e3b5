import { h } from '/assets/dom.js';
import { drawOnce } from './desk.js';
import { showMessage } from './messages.js';

/**
 * The conversation that is open on a phone.
 * @param {import('./phone.js').Hand} hand
 * @param {import('./messages.js').Taps} taps what a tap on a message does
 */
export function createConversation(hand, taps) {
  /** @type {Map<number, import('./feed.js').Message>} */
  const messages = new Map();
  const stream = h('div', { class: 'stream', tabindex: '0', role: 'log', 'aria-label': '聊天记录' });
  const typing = h('p', { class: 'typing', hidden: true }, '对方正在输入…');

  return {
    stream,
    typing,
    clear: () => messages.clear(),
    /** Keeps what is new of this phone's. @param {readonly import('./feed.js').Message[]} news */
    take(news) {
      for (const message of news) if (message.openid === hand.openid) messages.set(message.id, message);
    },
    /** @param {readonly string[]} typingTo the phones somebody is writing to */
    draw(typingTo) {
      const isBot = hand.chat === 'bot';
      typing.hidden = !typingTo.includes(hand.openid) || isBot;
      const shown = [...messages.values()]
        .filter((message) => (message.chat === 'bot') === isBot)
        .sort((a, b) => a.id - b.id);
      const follows = Boolean(hand.phone?.following);
      const look = [hand.openid, hand.chat, shown.at(-1)?.id ?? 0, shown.length, follows];
      drawOnce(stream, look, () => {
        stream.replaceChildren(
          ...(shown.length > 0
            ? shown.map((message, n) => showMessage(message, shown[n - 1], taps))
            : [h('p', { class: 'quiet' }, emptyWords(isBot, follows))]),
        );
        stream.scrollTop = stream.scrollHeight;
      });
    },
  };
}

/** @param {boolean} isBot @param {boolean} follows */
function emptyWords(isBot, follows) {
  if (isBot) return '在这里和机器人私聊，说法和公众号里一样。';
  return follows ? '还没有消息。发「帮助」试试。' : '关注以后，消息会出现在这里。';
}
