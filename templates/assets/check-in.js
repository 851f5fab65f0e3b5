import { byId } from './dom.js';
import { send } from './page.js';

// The code on the lecturer's screen renews itself, with whoever has scanned.

/** @typedef {{ on: boolean, svg: string, secondsLeft: number, checkedIn: unknown[], missing: string[] }} CheckIn */

const scan = document.getElementById('scan');
if (scan?.dataset.on === 'true') run(scan.dataset);

/** @param {DOMStringMap} lesson */
function run({ lesson, left: begun }) {
  const code = byId('scan-code', HTMLImageElement);
  const left = byId('scan-left', HTMLElement);
  const count = byId('scan-count', HTMLElement);
  const missing = byId('scan-missing', HTMLElement);
  let seconds = Number(begun);

  async function renew() {
    /** @type {import('./page.js').Answer<CheckIn>} */
    const answer = await send('GET', `/lessons/${lesson}/check-in`);
    if (!answer.ok) {
      left.textContent = answer.status === 401 ? '登录过期了，刷新一下' : '网络断了，正在重试';
      seconds = 3;
      return;
    }
    const { body } = answer;
    if (!body.on) return location.reload();
    code.src = `data:image/svg+xml;utf8,${encodeURIComponent(body.svg)}`;
    count.textContent = String(body.checkedIn.length);
    missing.textContent = body.missing.join('、') || (missing.dataset.none ?? '');
    seconds = body.secondsLeft;
  }

  let asking = false;
  let ticks = 0;
  setInterval(async () => {
    seconds -= 1;
    ticks += 1;
    if (seconds > 0) left.textContent = `${seconds} 秒后换新的码`;
    if (asking || (seconds > 0 && ticks % 5 !== 0)) return;
    asking = true;
    await renew();
    asking = false;
  }, 1000);
}
