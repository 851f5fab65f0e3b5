import { h } from '/assets/dom.js';
import { send } from './desk.js';
import { CALLS } from './names.js';

/** Switches over pushes: the name, what it is set to, and what it does. @type {[string, unknown, string, string][]} */
const SWITCHES = [
  ['duplicate', true, '每条推送都来两次', '同一条消息只该办一次'],
  ['delayMs', 3000, '推送晚 3 秒到', ''],
  ['lose', 1, '下一条推送丢一次', '平台会再推'],
  ['lose', true, '推送全部丢失', '手机上会看到服务出现故障'],
  ['loseAnswers', 1, '下一次回复丢在路上', '事已办成，平台会再推'],
  ['templateStatus', 'failed:user block', '模板消息被用户拒收', ''],
];

/** The calls a fault is offered for. */
const OFFERED = [
  '/cgi-bin/message/template/send',
  '/cgi-bin/message/custom/send',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/stable_token',
  '/cgi-bin/user/info',
  '/sns/oauth2/access_token',
];
const EVERY = '*';

/** @type {[string, Record<string, unknown>][]} */
const FAULTS = [
  ['系统繁忙（-1）', { errcode: -1 }],
  ['当天次数用完（45009）', { errcode: 45009 }],
  ['token 失效（40001）', { errcode: 40001 }],
  ['对方没有关注（43004）', { errcode: 43004 }],
  ['模板内容不对（47003）', { errcode: 47003, errmsg: 'argument invalid! data.thing1.value invalid' }],
  ['HTTP 500', { status: 500 }],
  ['一直不回答', { timeout: true }],
  ['办了，但答复丢了', { loseAnswer: true }],
];

/**
 * The switches that make the platform misbehave.
 * @param {HTMLElement} root
 * @param {(text: string) => void} count shows how many are on
 */
export function createFaults(root, count) {
  let look = '';
  const boxes = SWITCHES.map(([name, value, title, hint]) => {
    const box = h('input', { type: 'checkbox', onchange: () => turn(name, value, box.checked) });
    const label = h('label', { class: 'switch' }, box, h('span', {}, title, hint && h('small', {}, hint)));
    return { name, value, box, label };
  });
  const call = select('哪个调用', [...OFFERED, EVERY].map(nameOf));
  const fault = select(
    '怎么出错',
    FAULTS.map(([title]) => title),
  );
  const times = select('几次', ['1 次', '3 次', '一直']);
  const list = h('ul', { class: 'calls' });
  const reset = h('button', { type: 'button', class: 'plain', onclick: () => change({ reset: true }) }, '全部恢复正常');
  root.append(
    h('h3', {}, '平台推给学校的'),
    ...boxes.map(({ label }) => label),
    h('h3', {}, '学校调用平台的'),
    h(
      'form',
      { class: 'add-fault', onsubmit: add },
      call.label,
      fault.label,
      times.label,
      h('button', { type: 'submit', class: 'plain' }, '加上这个故障'),
    ),
    list,
    reset,
  );

  return { update };

  /** @param {import('./feed.js').Faults} faults */
  function update(faults) {
    const next = JSON.stringify(faults);
    if (next === look) return;
    look = next;
    for (const { name, value, box } of boxes) box.checked = faults.pushes[name] === value;
    list.replaceChildren(...faults.calls.map((fault) => h('li', {}, wordsOf(fault))));
    const on = Object.keys(faults.pushes).length + faults.calls.length;
    reset.hidden = on === 0;
    count(on === 0 ? '' : String(on));
  }

  /** @param {string} name @param {unknown} value @param {boolean} isOn */
  async function turn(name, value, isOn) {
    const off = name === 'templateStatus' ? 'success' : 0;
    await change({ pushes: { [name]: isOn ? value : off } });
  }

  /** @param {Event} event */
  async function add(event) {
    event.preventDefault();
    const chosen = times.box.selectedIndex;
    const often = chosen === 2 ? {} : { times: chosen === 0 ? 1 : 3 };
    await change({
      calls: [{ call: [...OFFERED, EVERY][call.box.selectedIndex], ...FAULTS[fault.box.selectedIndex]?.[1], ...often }],
    });
  }

  /** @param {unknown} body */
  async function change(body) {
    /** @type {import('/assets/page.js').Answer<import('./feed.js').Faults>} */
    const answer = await send('POST', '/faults', body);
    if (answer.ok) update(answer.body);
  }

  /** @param {import('./feed.js').CallFault} fault */
  function wordsOf({ call: path = EVERY, errcode, status, timeout, loseAnswer, times: left }) {
    const how = timeout ? '不回答' : loseAnswer ? '答复会丢' : status ? `HTTP ${status}` : String(errcode);
    return `${nameOf(path)}：${how}，${left === undefined ? '一直' : `还有 ${left} 次`}`;
  }

  /** @param {string} title @param {string[]} options */
  function select(title, options) {
    const box = h('select', {}, ...options.map((text) => h('option', {}, text)));
    return { box, label: h('label', { class: 'field' }, h('span', {}, title), box) };
  }
}

/** A call in plain words: by its path, or by the end of it, as faults may name it. @param {string} path */
function nameOf(path) {
  if (path === EVERY) return '全部调用';
  return Object.entries(CALLS).find(([known]) => known.endsWith(path))?.[1] ?? path;
}
