import { h } from '/assets/dom.js';
import { createBar } from './bar.js';
import { createConversation } from './conversation.js';
import { remember, send } from './desk.js';
import { createOwner } from './owner.js';
import { createSheet } from './sheet.js';

/**
 * What the parts of one phone share: whose it is, which conversation is open, and how to do something with it.
 * @typedef {object} Hand
 * @property {number} slot its place on the desk
 * @property {string} openid
 * @property {string} chat `account` or `bot`
 * @property {import('./feed.js').Phone | undefined} phone as the desk last heard of it
 * @property {() => void} refresh asks the desk for news now
 * @property {(text: string) => void} complain says what went wrong; nothing takes it back
 * @property {(doing: string, body?: unknown) => Promise<void>} act does something on this phone, such as `click`
 * @property {(text: string, menuId?: string) => Promise<void>} say sends a text in the open conversation
 */

/**
 * One phone on the desk: who holds it, its conversation, the bar below, and what covers it (camera and browser).
 * @param {HTMLElement} root
 * @param {number} slot
 * @param {() => void} refresh asks the desk for news now
 */
export function createPhone(root, slot, refresh) {
  /** @type {import('./feed.js').Feed | null} */
  let feed = null;
  const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
  /** @type {Hand} */
  const hand = {
    slot,
    openid: remember(`phone.${slot}`) ?? '',
    chat: 'account',
    get phone() {
      return feed?.phones.find(({ openid }) => openid === hand.openid);
    },
    refresh,
    complain(text) {
      notice.textContent = text;
      notice.hidden = text === '';
    },
    act: (doing, body) => act(`/phones/${hand.openid}/${doing}`, body),
    say: (text, menuId) =>
      act(hand.chat === 'bot' ? `/bot/${hand.openid}/say` : `/phones/${hand.openid}/say`, { text, menuId }),
  };

  const sheet = createSheet(hand);
  const conversation = createConversation(hand, { open: sheet.openPage, say: hand.say });
  const bar = createBar(hand, sheet.openPage);
  const owner = createOwner(hand, {
    scan: () => feed && sheet.openCamera(feed.codes),
    turn: (chat) => {
      hand.chat = chat;
      draw();
    },
    change: () => {
      conversation.clear();
      sheet.close();
      hand.complain('');
    },
  });
  root.append(
    h(
      'div',
      { class: 'screen' },
      owner.status,
      owner.tools,
      conversation.stream,
      conversation.typing,
      notice,
      bar.words,
      bar.bar,
      owner.outside,
      sheet.element,
    ),
  );

  return {
    get openid() {
      return hand.openid;
    },
    /** Shows what the desk heard. @param {import('./feed.js').Feed} news @param {string} other the other phone's openid */
    update(news, other) {
      feed = news;
      owner.choose(news.phones, other);
      conversation.take(news.messages);
      owner.drawOwners(news.phones, other);
      draw();
      sheet.update(news.codes);
    },
  };

  function draw() {
    if (!feed) return;
    owner.draw(feed.hasBot);
    conversation.draw(feed.typing);
    bar.draw(feed);
  }

  /** Shows news at once: what was said stands there before its answer does. @param {string} path @param {unknown} [body] */
  async function act(path, body) {
    hand.complain('');
    setTimeout(refresh, 120);
    const answer = await send('POST', path, body);
    if (!answer.ok) hand.complain(answer.message);
    refresh();
  }
}
