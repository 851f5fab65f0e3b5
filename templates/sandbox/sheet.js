import { h } from '/assets/dom.js';
import { drawOnce, icon } from './desk.js';

/** @typedef {import('./feed.js').Code} Code */

/**
 * What covers a phone: the camera, which sees the codes on the desk's screens, and the browser.
 * @param {import('./phone.js').Hand} hand
 */
export function createSheet(hand) {
  const element = h('div', { class: 'sheet', hidden: true });
  const codes = h('div', { class: 'sheet-body' });
  return { element, openCamera, openPage, close, update };

  /** @param {readonly Code[]} seen */
  function openCamera(seen) {
    // Drawn anew: how long each is still good has gone on meanwhile.
    delete codes.dataset.look;
    drawCodes(seen);
    open('camera', h('div', { class: 'sheet-top' }, closeButton(), h('h2', {}, '扫一扫')), codes);
  }

  /** A code that lights up while the camera is open is seen, too. @param {readonly Code[]} seen */
  function update(seen) {
    if (!element.hidden && element.classList.contains('camera')) drawCodes(seen);
  }

  /** @param {readonly Code[]} seen */
  function drawCodes(seen) {
    const look = seen.map((code) => code.ticket ?? code.url);
    drawOnce(codes, look, () =>
      codes.replaceChildren(
        ...(seen.length > 0
          ? [h('p', { class: 'hint' }, '现在亮在电脑上的码，点一张就是扫它：'), ...seen.map(codeButton)]
          : [h('p', { class: 'none' }, '电脑上现在没有二维码。登录校信，打开「绑定微信」，码就会出现在这里。')]),
      ),
    );
  }

  /** @param {Code} code */
  function codeButton(code) {
    const src =
      code.ticket === undefined
        ? code.picture
        : `/sandbox/platform/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`;
    return h(
      'button',
      { type: 'button', class: 'code', onclick: () => scan(code) },
      h('img', { src, alt: '', width: '72', height: '72' }),
      h('span', {}, h('strong', {}, code.title), h('small', {}, leftOf(code.secondsLeft))),
    );
  }

  /** A code that says an address opens it. @param {Code} code */
  async function scan({ ticket, url }) {
    close();
    if (ticket === undefined) return openPage(url);
    hand.chat = 'account';
    await hand.act('scan', { ticket });
  }

  /** @param {string} url */
  function openPage(url) {
    if (!url) return;
    const title = h('h2', {}, '…');
    const src = `/sandbox/phones/${hand.openid}/open?url=${encodeURIComponent(url)}`;
    const frame = h('iframe', { title: '手机里的网页', src });
    frame.addEventListener('load', () => {
      title.textContent = frame.contentDocument?.title || '网页';
    });
    const goBack = () => frame.contentWindow?.history.back();
    const back = h('button', { type: 'button', class: 'round', 'aria-label': '后退', onclick: goBack }, icon('back'));
    open('browser', h('div', { class: 'sheet-top' }, closeButton(), title, back), frame);
  }

  /** @param {string} kind @param {...Node} content */
  function open(kind, ...content) {
    element.className = `sheet ${kind}`;
    element.replaceChildren(...content);
    element.hidden = false;
  }

  function closeButton() {
    return h('button', { type: 'button', class: 'round', 'aria-label': '关闭', onclick: close }, icon('close'));
  }

  function close() {
    element.hidden = true;
    element.replaceChildren();
    hand.refresh();
  }
}

/** @param {number | null} seconds */
function leftOf(seconds) {
  if (seconds === null) return '一直有效';
  return seconds < 60 ? `还有 ${seconds} 秒` : `还有 ${Math.floor(seconds / 60)} 分钟`;
}
