import { h, icon, remember, send } from './dom.js';
import { showMessage } from './messages.js';

/** @typedef {import('./messages.js').Message} Message */

/**
 * One phone on the desk: who holds it, its conversation, menu, camera and browser. `refresh` asks the desk for news now.
 * @param {HTMLElement} root
 * @param {number} slot
 * @param {() => void} refresh
 */
export function createPhone(root, slot, refresh) {
  /** @type {any} */
  let feed = null;
  let openid = remember(`phone.${slot}`) ?? '';
  let chat = 'account';
  let showsMenu = false;
  let drawn = '';
  /** @type {Map<number, Message>} */
  const messages = new Map();

  const who = /** @type {HTMLSelectElement} */ (
    h('select', { class: 'who', 'aria-label': '这部手机是谁的', onchange: pick })
  );
  const state = h('span', { class: 'state' });
  const scanButton = h('button', { type: 'button', class: 'tool', onclick: openCamera }, icon('scan'), '扫一扫');
  const followButton = h('button', { type: 'button', class: 'tool', onclick: toggleFollow });
  const chats = h('div', { class: 'chats', hidden: true }, chatTab('account', '校信'), chatTab('bot', '机器人'));
  const stream = h('div', { class: 'stream', tabindex: '0', role: 'log', 'aria-label': '聊天记录' });
  const typing = h('p', { class: 'typing', hidden: true }, '对方正在输入…');
  const words = h('div', { class: 'words' });
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'text',
      'aria-label': '要发的内容',
      placeholder: '发消息',
      autocomplete: 'off',
      maxlength: '2000',
      enterkeyhint: 'send',
    })
  );
  const swap = h('button', { type: 'button', class: 'swap', 'aria-label': '切换菜单和键盘', onclick: swapBar });
  const keys = h(
    'form',
    { class: 'keys', onsubmit: type },
    input,
    h('button', { type: 'submit', class: 'send' }, '发送'),
  );
  const picture = /** @type {HTMLInputElement} */ (
    h('input', { type: 'file', accept: 'image/*', hidden: true, onchange: sendPicture })
  );
  const others = /** @type {HTMLDetailsElement} */ (
    h(
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
    )
  );
  const menu = h('div', { class: 'menu' });
  const bar = h('div', { class: 'bar' }, swap, keys, others, menu);
  const outside = h(
    'div',
    { class: 'outside', hidden: true },
    h('p', {}, '这部手机还没有关注公众号，收不到也发不出消息。扫电脑上的绑定码，关注和绑定一次办完。'),
    h('button', { type: 'button', class: 'primary', onclick: openCamera }, '扫一扫'),
    h('button', { type: 'button', class: 'plain', onclick: toggleFollow }, '只关注公众号'),
  );
  const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
  const sheet = h('div', { class: 'sheet', hidden: true });
  const codes = h('div', { class: 'sheet-body' });
  const screen = h(
    'div',
    { class: 'screen' },
    h('div', { class: 'status' }, who, state),
    h('div', { class: 'tools' }, chats, h('span', { class: 'gap' }), scanButton, followButton),
    stream,
    typing,
    notice,
    words,
    bar,
    outside,
    sheet,
  );
  root.append(screen);

  return {
    get openid() {
      return openid;
    },
    /** Shows what the desk heard. @param {any} news @param {string} other the other phone's openid */
    update(news, other) {
      feed = news;
      if (!current()) openid = choose(news.phones, other);
      for (const message of news.messages) if (message.openid === openid) messages.set(message.id, message);
      drawOwners(other);
      drawState();
      drawStream();
      drawWords();
      drawMenu();
      if (!sheet.hidden && sheet.classList.contains('camera')) drawCodes();
    },
  };

  function current() {
    return feed?.phones.find((/** @type {any} */ phone) => phone.openid === openid);
  }

  /** At first one who can try everything at once, then somebody whose binding can be trained. @param {any[]} phones @param {string} other */
  function choose(phones, other) {
    const free = phones.filter((phone) => phone.openid !== other);
    const wanted =
      slot === 0 ? free.find((phone) => phone.bound) : free.find((phone) => phone.username === 'consultant1');
    return (wanted ?? free[0] ?? phones[0])?.openid ?? '';
  }

  function pick() {
    if (who.value === 'add') return addPhone();
    openid = who.value;
    remember(`phone.${slot}`, openid);
    messages.clear();
    drawn = '';
    closeSheet();
    say('');
    refresh();
  }

  async function addPhone() {
    const { ok, body, message } = await send('POST', '/phones', {});
    if (!ok) return say(message);
    feed.phones.push(body);
    openid = body.openid;
    remember(`phone.${slot}`, openid);
    messages.clear();
    refresh();
  }

  /** @param {string} other */
  function drawOwners(other) {
    const options = feed.phones.map((/** @type {any} */ phone) => {
      const unread = phone.openid !== openid && phone.latest > Number(remember(`seen.${phone.openid}`) ?? 0);
      const title = phone.username ? `${phone.name}（${phone.username}）` : phone.name;
      if (phone.openid === other) return { value: phone.openid, label: `${title} · 在另一部手机上`, disabled: true };
      return { value: phone.openid, label: unread ? `${title} · 有新消息` : title, disabled: false };
    });
    options.push({ value: 'add', label: '＋ 再添一部手机', disabled: false });
    const look = JSON.stringify([options, openid]);
    if (who.dataset.look === look || document.activeElement === who) return;
    who.dataset.look = look;
    who.replaceChildren(
      ...options.map((/** @type {any} */ { value, label, disabled }) =>
        h('option', { value, disabled, selected: value === openid }, label),
      ),
    );
    who.value = openid;
  }

  function drawState() {
    const phone = current();
    if (!phone) return;
    const boundTo = phone.boundTo?.name === phone.name ? '已绑定' : `已绑定 ${phone.boundTo?.name}`;
    state.textContent = phone.bound ? boundTo : phone.following ? '已关注，未绑定' : '未关注';
    state.className = `state ${phone.bound ? 'good' : 'dim'}`;
    followButton.textContent = phone.following ? '取消关注' : '关注';
    scanButton.hidden = !phone.following;
    followButton.hidden = !phone.following;
    outside.hidden = phone.following;
    bar.hidden = !phone.following;
    words.hidden = !phone.following;
    chats.hidden = !feed.hasBot;
    for (const tab of chats.querySelectorAll('button'))
      tab.setAttribute('aria-pressed', String(tab.dataset.chat === chat));
    typing.hidden = !feed.typing.includes(openid) || chat !== 'account';
    if (document.visibilityState === 'visible') remember(`seen.${openid}`, String(phone.latest));
  }

  function drawStream() {
    const shown = [...messages.values()]
      .filter((message) => (message.chat === 'bot') === (chat === 'bot'))
      .sort((a, b) => a.id - b.id);
    const follows = Boolean(current()?.following);
    const look = `${openid} ${chat} ${shown.at(-1)?.id ?? 0} ${shown.length} ${follows}`;
    if (look === drawn) return;
    drawn = look;
    const taps = {
      open: openPage,
      say: (/** @type {string} */ text, /** @type {string} */ menuId) => sayText(text, menuId),
    };
    const account = follows ? '还没有消息。发「帮助」试试。' : '关注以后，消息会出现在这里。';
    const empty = chat === 'bot' ? '在这里和机器人私聊，说法和公众号里一样。' : account;
    stream.replaceChildren(
      ...(shown.length > 0
        ? shown.map((message, n) => showMessage(message, shown[n - 1], taps))
        : [h('p', { class: 'quiet' }, empty)]),
    );
    stream.scrollTop = stream.scrollHeight;
  }

  function drawWords() {
    const look = feed.words.join();
    if (words.dataset.look === look) return;
    words.dataset.look = look;
    words.replaceChildren(
      ...feed.words.map((/** @type {string} */ word) =>
        h('button', { type: 'button', onclick: () => useWord(word) }, word),
      ),
    );
  }

  function drawMenu() {
    const top = feed.menus[openid]?.button ?? [];
    const usesMenu = showsMenu && top.length > 0 && chat === 'account';
    swap.hidden = top.length === 0 || chat !== 'account';
    keys.hidden = usesMenu;
    others.hidden = usesMenu || chat !== 'account';
    menu.hidden = !usesMenu;
    const swapLook = usesMenu ? 'keyboard' : 'menu';
    if (swap.dataset.look !== swapLook) {
      swap.dataset.look = swapLook;
      swap.replaceChildren(icon(swapLook));
    }
    const look = JSON.stringify(top);
    if (menu.dataset.look === look) return;
    menu.dataset.look = look;
    menu.replaceChildren(...top.map(menuEntry));
  }

  /** @param {any} entry */
  function menuEntry(entry) {
    const subs = entry.sub_button ?? [];
    if (subs.length === 0) return h('button', { type: 'button', onclick: () => tapMenu(entry) }, entry.name);
    const list = h(
      'div',
      { class: 'subs' },
      ...subs.map((/** @type {any} */ sub) => h('button', { type: 'button', onclick: () => tapMenu(sub) }, sub.name)),
    );
    const box = h('details', { class: 'group' }, h('summary', {}, entry.name), list);
    box.addEventListener('toggle', () => {
      if (!(/** @type {HTMLDetailsElement} */ (box).open)) return;
      for (const one of menu.querySelectorAll('details')) if (one !== box) one.open = false;
    });
    return box;
  }

  /** @param {any} entry */
  async function tapMenu(entry) {
    for (const one of menu.querySelectorAll('details')) one.open = false;
    if (entry.type === 'view') {
      send('POST', `/phones/${openid}/view`, { url: entry.url });
      return openPage(entry.url);
    }
    await act(send('POST', `/phones/${openid}/click`, { key: entry.key }));
  }

  function swapBar() {
    showsMenu = !showsMenu;
    drawMenu();
    if (!showsMenu) input.focus();
  }

  /** @param {string} name @param {string} title */
  function chatTab(name, title) {
    const turn = () => {
      chat = name;
      drawState();
      drawStream();
      drawMenu();
    };
    return h('button', { type: 'button', 'data-chat': name, onclick: turn }, title);
  }

  /** Words that need more are put into the field, ready to go on. @param {string} word */
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
    sayText(text);
  }

  /** @param {string} text @param {string} [menuId] */
  async function sayText(text, menuId) {
    const path = chat === 'bot' ? `/bot/${openid}/say` : `/phones/${openid}/say`;
    await act(send('POST', path, menuId === undefined ? { text } : { text, menuId }));
  }

  /** @param {object} said */
  async function sendOther(said) {
    others.open = false;
    await act(send('POST', `/phones/${openid}/say`, said));
  }

  async function sendPicture() {
    const file = picture.files?.[0];
    picture.value = '';
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener('load', () => sendOther({ type: 'image', data: reader.result, fileName: file.name }));
    reader.readAsDataURL(file);
  }

  async function toggleFollow() {
    await act(send('POST', `/phones/${openid}/${current()?.following ? 'unfollow' : 'follow'}`));
  }

  /** Shows news at once: what was said stands there before its answer does. @param {ReturnType<typeof send>} doing */
  async function act(doing) {
    say('');
    setTimeout(refresh, 120);
    const { ok, message } = await doing;
    if (!ok) say(message);
    refresh();
  }

  /** @param {string} text */
  function say(text) {
    notice.textContent = text;
    notice.hidden = text === '';
  }

  function openCamera() {
    sheet.className = 'sheet camera';
    codes.replaceChildren();
    drawCodes();
    sheet.replaceChildren(h('div', { class: 'sheet-top' }, closeButton(), h('h2', {}, '扫一扫')), codes);
    sheet.hidden = false;
  }

  /** A code that lights up while the camera is open is seen, too. */
  function drawCodes() {
    const look = feed.codes.map((/** @type {any} */ code) => code.ticket ?? code.url).join();
    if (codes.dataset.look === look && codes.hasChildNodes()) return;
    codes.dataset.look = look;
    const list = feed.codes.map((/** @type {any} */ code) =>
      h(
        'button',
        { type: 'button', class: 'code', onclick: () => (code.url ? openScanned(code.url) : scan(code.ticket)) },
        h('img', {
          src: code.picture ?? `/sandbox/platform/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`,
          alt: '',
          width: '72',
          height: '72',
        }),
        h('span', {}, h('strong', {}, code.title), h('small', {}, leftOf(code.secondsLeft))),
      ),
    );
    codes.replaceChildren(
      ...(list.length > 0
        ? [h('p', { class: 'hint' }, '现在亮在电脑上的码，点一张就是扫它：'), ...list]
        : [h('p', { class: 'none' }, '电脑上现在没有二维码。登录校信，打开「绑定微信」，码就会出现在这里。')]),
    );
  }

  /**
   * A code that says an address opens it.
   * @param {string} url
   */
  function openScanned(url) {
    closeSheet();
    openPage(url);
  }

  /** @param {string} ticket */
  async function scan(ticket) {
    closeSheet();
    chat = 'account';
    await act(send('POST', `/phones/${openid}/scan`, { ticket }));
  }

  /** @param {string} url */
  function openPage(url) {
    if (!url) return;
    const title = h('h2', {}, '…');
    const frame = /** @type {HTMLIFrameElement} */ (
      h('iframe', { title: '手机里的网页', src: `/sandbox/phones/${openid}/open?url=${encodeURIComponent(url)}` })
    );
    frame.addEventListener('load', () => {
      title.textContent = frame.contentDocument?.title || '网页';
    });
    const back = h(
      'button',
      { type: 'button', class: 'round', 'aria-label': '后退', onclick: () => frame.contentWindow?.history.back() },
      icon('back'),
    );
    sheet.className = 'sheet browser';
    sheet.replaceChildren(h('div', { class: 'sheet-top' }, closeButton(), title, back), frame);
    sheet.hidden = false;
  }

  function closeButton() {
    return h('button', { type: 'button', class: 'round', 'aria-label': '关闭', onclick: closeSheet }, icon('close'));
  }

  function closeSheet() {
    sheet.hidden = true;
    sheet.replaceChildren();
    refresh();
  }
}

/** @param {number | null} seconds */
function leftOf(seconds) {
  if (seconds === null) return '一直有效';
  return seconds < 60 ? `还有 ${seconds} 秒` : `还有 ${Math.floor(seconds / 60)} 分钟`;
}
