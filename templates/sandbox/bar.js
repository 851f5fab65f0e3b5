import { findAll, h } from '/assets/dom.js';
import { drawOnce, icon } from './desk.js';

/** @typedef {import('./feed.js').MenuEntry} MenuEntry */

/**
 * What one says things with: words worth trying, the keyboard, pictures and places, and the account's menu.
 * @param {import('./phone.js').Hand} hand
 * @param {(url: string) => void} openPage
 */
export function createBar(hand, openPage) {
  let showsMenu = false;
  /** @type {readonly MenuEntry[]} */
  let entries = [];

  const words = h('div', { class: 'words' });
  const input = h('input', {
    type: 'text',
    'aria-label': '要发的内容',
    placeholder: '发消息',
    autocomplete: 'off',
    maxlength: '2000',
    enterkeyhint: 'send',
  });
  const swap = h('button', { type: 'button', class: 'swap', 'aria-label': '切换菜单和键盘', onclick: swapBar });
  const keys = h(
    'form',
    { class: 'keys', onsubmit: type },
    input,
    h('button', { type: 'submit', class: 'send' }, '发送'),
  );
  const picture = h('input', { type: 'file', accept: 'image/*', hidden: true, onchange: sendPicture });
  const others = h(
    'details',
    { class: 'others' },
    h('summary', { 'aria-label': '发图片、语音或位置' }, icon('plus')),
    h(
      'div',
      { class: 'subs' },
      h('button', { type: 'button', onclick: () => picture.click() }, '图片'),
      h('button', { type: 'button', onclick: () => sendOther({ type: 'voice' }) }, '语音'),
      h('button', { type: 'button', onclick: () => sendOther({ type: 'location' }) }, '位置'),
    ),
    picture,
  );
  const menu = h('div', { class: 'menu' });
  const bar = h('div', { class: 'bar' }, swap, keys, others, menu);
  return { words, bar, draw };

  /** @param {Pick<import('./feed.js').Feed, 'words' | 'menus'>} feed */
  function draw(feed) {
    const follows = Boolean(hand.phone?.following);
    bar.hidden = !follows;
    words.hidden = !follows;
    // Words that need more are put into the field, ready to go on.
    drawOnce(words, feed.words, () =>
      words.replaceChildren(
        ...feed.words.map((word) => h('button', { type: 'button', onclick: () => useWord(word) }, word)),
      ),
    );
    entries = feed.menus[hand.openid]?.button ?? [];
    drawMenu();
  }

  function drawMenu() {
    const hasMenu = entries.length > 0 && hand.chat === 'account';
    const usesMenu = showsMenu && hasMenu;
    swap.hidden = !hasMenu;
    keys.hidden = usesMenu;
    others.hidden = usesMenu || hand.chat !== 'account';
    menu.hidden = !usesMenu;
    const look = usesMenu ? 'keyboard' : 'menu';
    drawOnce(swap, look, () => swap.replaceChildren(icon(look)));
    drawOnce(menu, entries, () => menu.replaceChildren(...entries.map(menuEntry)));
  }

  /** @param {MenuEntry} entry */
  function menuEntry(entry) {
    const subs = entry.sub_button ?? [];
    if (subs.length === 0) return h('button', { type: 'button', onclick: () => tap(entry) }, entry.name);
    const list = subs.map((sub) => h('button', { type: 'button', onclick: () => tap(sub) }, sub.name));
    // Of the groups that share a name the browser keeps one open.
    return h(
      'details',
      { class: 'group', name: `menu-${hand.slot}` },
      h('summary', {}, entry.name),
      h('div', { class: 'subs' }, ...list),
    );
  }

  /** @param {MenuEntry} entry */
  async function tap({ type: does, url = '', key }) {
    for (const group of findAll(menu, 'details', HTMLDetailsElement)) group.open = false;
    if (does !== 'view') return hand.act('click', { key });
    hand.act('view', { url });
    openPage(url);
  }

  function swapBar() {
    showsMenu = !showsMenu;
    drawMenu();
    if (!showsMenu) input.focus();
  }

  /** @param {string} word */
  function useWord(word) {
    input.value = word;
    input.focus();
  }

  /** @param {Event} event */
  function type(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    hand.say(text);
  }

  /** @param {object} said */
  async function sendOther(said) {
    others.open = false;
    await hand.act('say', said);
  }

  async function sendPicture() {
    const file = picture.files?.[0];
    picture.value = '';
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener('load', () => sendOther({ type: 'image', data: reader.result, fileName: file.name }));
    reader.readAsDataURL(file);
  }
}
