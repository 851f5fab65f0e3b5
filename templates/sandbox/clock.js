import { findAll, h } from '/assets/dom.js';
import { send } from './desk.js';

const WEEKDAY = new Intl.DateTimeFormat('zh-CN', { weekday: 'short', timeZone: 'UTC' });

/**
 * The clock and its buttons. `refresh` asks the desk for what happened meanwhile.
 * @param {{ face: HTMLElement, state: HTMLElement, buttons: HTMLElement }} parts
 * @param {() => void} refresh
 */
export function createClock({ face, state, buttons }, refresh) {
  let now = '';
  buttons.append(
    button('后退 1 小时', () => ({ byMinutes: -60 })),
    button('前进 1 小时', () => ({ byMinutes: 60 })),
    button('到 17:30', () => ({ now: next('17:30') })),
    button('到 02:00', () => ({ now: next('02:00') })),
    button('+1 天', () => ({ byMinutes: 24 * 60 })),
    button('回到现在', () => ({ reset: true })),
  );

  return {
    /** @param {import('./feed.js').Clock} clock */
    update(clock) {
      now = clock.now;
      const day = now.slice(0, 10);
      face.textContent = `${day.slice(5)} ${WEEKDAY.format(new Date(`${day}T00:00:00Z`))} ${now.slice(11, 16)}`;
      face.setAttribute('datetime', now);
      if (!buttons.hasAttribute('data-busy'))
        state.textContent = Math.abs(clock.offsetMs) < 1000 ? '' : shiftOf(clock.offsetMs);
    },
  };

  /** @param {string} title @param {() => object} body */
  function button(title, body) {
    return h('button', { type: 'button', onclick: () => move(body()) }, title);
  }

  /** @param {object} body */
  async function move(body) {
    setBusy(true);
    state.textContent = '正在办到点的事…';
    const answer = await send('POST', '/clock', body);
    setBusy(false);
    state.textContent = answer.ok ? '' : answer.message;
    refresh();
  }

  /** @param {boolean} isBusy */
  function setBusy(isBusy) {
    buttons.toggleAttribute('data-busy', isBusy);
    for (const each of findAll(buttons, 'button', HTMLButtonElement)) each.disabled = isBusy;
  }

  /** The next time the school's clock shows this. @param {string} time */
  function next(time) {
    const day = now.slice(0, 10);
    if (now.slice(11, 16) < time) return `${day}T${time}`;
    const tomorrow = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    return `${tomorrow}T${time}`;
  }
}

/** @param {number} offsetMs */
function shiftOf(offsetMs) {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const text =
    minutes < 60
      ? `${minutes} 分钟`
      : minutes < 48 * 60
        ? `${Math.round(minutes / 60)} 小时`
        : `${Math.round(minutes / 1440)} 天`;
  return `比真的${offsetMs > 0 ? '快' : '慢'} ${text}`;
}
