import { findAll, h } from '/assets/dom.js';
import { drawOnce, icon, remember, send } from './desk.js';

/** @typedef {import('./feed.js').Phone} Phone */

/**
 * The top of a phone: who holds it, whether it follows and is bound, and which of its conversations is open.
 * @param {import('./phone.js').Hand} hand
 * @param {{ scan: () => void, turn: (chat: string) => void, change: () => void }} taps `change`: somebody else holds it now
 */
export function createOwner(hand, taps) {
  const who = h('select', { class: 'who', 'aria-label': '这部手机是谁的', onchange: pick });
  const state = h('span', { class: 'state' });
  const scanButton = h('button', { type: 'button', class: 'tool', onclick: taps.scan }, icon('scan'), '扫一扫');
  const followButton = h('button', { type: 'button', class: 'tool', onclick: toggleFollow });
  const chats = h('div', { class: 'chats', hidden: true }, chatTab('account', '校信'), chatTab('bot', '机器人'));
  const outside = h(
    'div',
    { class: 'outside', hidden: true },
    h('p', {}, '这部手机还没有关注公众号，收不到也发不出消息。扫电脑上的绑定码，关注和绑定一次办完。'),
    h('button', { type: 'button', class: 'primary', onclick: taps.scan }, '扫一扫'),
    h('button', { type: 'button', class: 'plain', onclick: toggleFollow }, '只关注公众号'),
  );

  return {
    status: h('div', { class: 'status' }, who, state),
    tools: h('div', { class: 'tools' }, chats, h('span', { class: 'gap' }), scanButton, followButton),
    /** What stands in place of the bar while the phone follows nobody. */
    outside,
    choose,
    drawOwners,
    draw,
  };

  /**
   * Where nobody holds the phone: at first one who can try everything at once, then somebody whose binding can be trained.
   * @param {readonly Phone[]} phones
   * @param {string} other the other phone's openid
   */
  function choose(phones, other) {
    if (phones.some(({ openid }) => openid === hand.openid)) return;
    const free = phones.filter((phone) => phone.openid !== other);
    const wanted = free.find((phone) => (hand.slot === 0 ? phone.bound : phone.username === 'consultant1'));
    hand.openid = (wanted ?? free[0] ?? phones[0])?.openid ?? '';
  }

  function pick() {
    if (who.value === 'add') return addPhone();
    hold(who.value);
  }

  async function addPhone() {
    /** @type {import('/assets/page.js').Answer<Phone>} */
    const answer = await send('POST', '/phones', {});
    if (!answer.ok) return hand.complain(answer.message);
    hold(answer.body.openid);
  }

  /** @param {string} openid */
  function hold(openid) {
    hand.openid = openid;
    remember(`phone.${hand.slot}`, openid);
    taps.change();
    hand.refresh();
  }

  /** @param {readonly Phone[]} phones @param {string} other */
  function drawOwners(phones, other) {
    if (document.activeElement === who) return;
    const options = phones.map((phone) => {
      const unread = phone.openid !== hand.openid && phone.latest > Number(remember(`seen.${phone.openid}`) ?? 0);
      const title = phone.username ? `${phone.name}（${phone.username}）` : phone.name;
      if (phone.openid === other) return { value: phone.openid, label: `${title} · 在另一部手机上`, disabled: true };
      return { value: phone.openid, label: unread ? `${title} · 有新消息` : title, disabled: false };
    });
    options.push({ value: 'add', label: '＋ 再添一部手机', disabled: false });
    drawOnce(who, [options, hand.openid], () => {
      who.replaceChildren(
        ...options.map(({ value, label, disabled }) =>
          h('option', { value, disabled, selected: value === hand.openid }, label),
        ),
      );
      who.value = hand.openid;
    });
  }

  /** @param {boolean} hasBot */
  function draw(hasBot) {
    const { phone } = hand;
    if (!phone) return;
    const boundTo = phone.boundTo?.name === phone.name ? '已绑定' : `已绑定 ${phone.boundTo?.name}`;
    state.textContent = phone.bound ? boundTo : phone.following ? '已关注，未绑定' : '未关注';
    state.className = `state ${phone.bound ? 'good' : 'dim'}`;
    followButton.textContent = phone.following ? '取消关注' : '关注';
    scanButton.hidden = !phone.following;
    followButton.hidden = !phone.following;
    outside.hidden = phone.following;
    chats.hidden = !hasBot;
    for (const tab of findAll(chats, 'button', HTMLButtonElement))
      tab.setAttribute('aria-pressed', String(tab.dataset.chat === hand.chat));
    if (document.visibilityState === 'visible') remember(`seen.${hand.openid}`, String(phone.latest));
  }

  /** @param {string} name @param {string} title */
  function chatTab(name, title) {
    return h('button', { type: 'button', 'data-chat': name, onclick: () => taps.turn(name) }, title);
  }

  async function toggleFollow() {
    await hand.act(hand.phone?.following ? 'unfollow' : 'follow');
  }
}
