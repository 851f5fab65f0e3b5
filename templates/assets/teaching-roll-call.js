// The roll call: taps are kept on this device until they are saved, so that neither a lost connection nor a closed page
// loses one; what somebody else changed meanwhile is shown and never overwritten unseen.
const WORDS = { present: '到', late: '迟到', absent: '缺勤', excused: '请假', leftEarly: '早退' };
const ORDER = Object.keys(WORDS);
const LONG_PRESS_MS = 450;
const RETRY_MS = 5000;

const roll = document.getElementById('roll');
const note = document.getElementById('roll-note');

if (roll) start();

function start() {
  const url = `/lessons/${roll.dataset.lesson}/attendance`;
  const key = `xiaoxin-roll:${roll.dataset.lesson}:${roll.dataset.person}`;
  const saveButton = document.getElementById('roll-save');
  const dialog = document.getElementById('roll-choose');
  const buttons = new Map([...roll.querySelectorAll('[data-student]')].map((one) => [one.dataset.student, one]));
  /** What the server has, as far as this page knows. */
  const seen = new Map([...buttons].map(([id, one]) => [id, one.dataset.mark]));
  /** What was tapped and is not saved: student → attendance. */
  const taps = new Map();
  let opened = roll.dataset.opened === 'true';
  let saving = false;
  let retry = 0;

  const markOf = (id) => taps.get(id) ?? seen.get(id);

  function say(text, tone = '') {
    note.textContent = text;
    note.className = `alert ${tone}`;
    note.hidden = text === '';
  }

  function keep() {
    try {
      if (taps.size === 0) localStorage.removeItem(key);
      else
        localStorage.setItem(
          key,
          JSON.stringify({ taps: [...taps], seen: [...taps.keys()].map((id) => [id, seen.get(id)]) }),
        );
    } catch {
      // A browser that keeps nothing still saves over the line.
    }
  }

  function show(id) {
    const button = buttons.get(id);
    const mark = markOf(id);
    button.className = `roll-mark ${mark}${taps.has(id) ? ' unsaved' : ''}${button.dataset.conflict ? ' conflict' : ''}`;
    button.querySelector('.roll-word').textContent = button.dataset.conflict ?? WORDS[mark];
    button.setAttribute(
      'aria-label',
      `${button.dataset.name} ${WORDS[mark]}${button.dataset.conflict ? `，${button.dataset.conflict}` : ''}`,
    );
  }

  function showAll() {
    for (const id of buttons.keys()) show(id);
    const counts = Object.fromEntries(ORDER.map((word) => [word, 0]));
    for (const id of buttons.keys()) counts[markOf(id)] += 1;
    document.getElementById('roll-counts').textContent = ORDER.filter((word) => word === 'present' || counts[word] > 0)
      .map((word) => `${WORDS[word]} ${counts[word]}`)
      .join(' · ');
    saveButton.disabled = saving || (opened && taps.size === 0);
    saveButton.textContent = saving ? '正在保存' : opened && taps.size === 0 ? '已保存' : '保存';
  }

  function mark(id, attendance) {
    delete buttons.get(id).dataset.conflict;
    if (seen.get(id) === attendance) taps.delete(id);
    else taps.set(id, attendance);
    keep();
    showAll();
  }

  /** After a conflict: what others changed becomes what is seen; one's own taps stay, to be decided with both in view. */
  async function look(fields) {
    const { ok, body } = await window.xiaoxin.send('GET', url);
    if (!ok) return;
    for (const { studentId, attendance } of body.students)
      if (buttons.has(String(studentId))) seen.set(String(studentId), attendance);
    for (const [id, sentence] of Object.entries(fields ?? {}))
      if (buttons.has(id)) buttons.get(id).dataset.conflict = `${sentence}，你标的是${WORDS[taps.get(id)] ?? ''}`;
    for (const [id, attendance] of taps) if (seen.get(id) === attendance) taps.delete(id);
    keep();
    showAll();
  }

  async function save() {
    if (saving) return;
    clearTimeout(retry);
    saving = true;
    showAll();
    const sent = [...taps];
    const marks = sent.map(([id, attendance]) => ({ studentId: Number(id), attendance, seen: seen.get(id) }));
    const { ok, status, body } = await window.xiaoxin.send('POST', url, { marks });
    saving = false;
    if (ok) {
      opened = true;
      for (const { studentId, attendance } of body.students) seen.set(String(studentId), attendance);
      // What was tapped while the answer was on its way stays to be saved.
      for (const [id, attendance] of sent) if (taps.get(id) === attendance) taps.delete(id);
      for (const button of buttons.values()) delete button.dataset.conflict;
      say('');
      window.xiaoxin.toast('点名已保存');
    } else if (status === 0 || status >= 500) {
      say('网络断了，点过的都记在这台手机里，连上会自动保存', 'warn');
      retry = setTimeout(save, RETRY_MS);
    } else if (status === 401) {
      say('登录过期了，从消息里重新打开点名链接，刚才点的都还在', 'warn');
    } else {
      say(body.error.message, 'bad');
      if (status === 409) await look(body.error.fields);
    }
    keep();
    showAll();
  }

  function restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key) ?? 'null');
    } catch {
      // Kept by an older page: nothing to bring back.
    }
    if (!kept) return;
    const before = new Map(kept.seen);
    for (const [id, attendance] of kept.taps) {
      if (!buttons.has(id) || seen.get(id) === attendance) continue;
      if (before.get(id) !== seen.get(id))
        buttons.get(id).dataset.conflict = `现在是${WORDS[seen.get(id)]}，你标的是${WORDS[attendance]}`;
      taps.set(id, attendance);
    }
    keep();
    if (taps.size > 0) say(`上次有 ${taps.size} 处没保存，已经找回来了，看一下再保存`, 'warn');
  }

  function choose(id) {
    const button = buttons.get(id);
    document.getElementById('roll-who').textContent = button.dataset.name;
    dialog.dataset.student = id;
    dialog.showModal();
  }

  let pressed = 0;
  let held = false;
  roll.addEventListener('pointerdown', (event) => {
    const button = event.target.closest('[data-student]');
    held = false;
    if (!button) return;
    pressed = setTimeout(() => {
      held = true;
      choose(button.dataset.student);
    }, LONG_PRESS_MS);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave', 'scroll'])
    roll.addEventListener(end, () => clearTimeout(pressed));
  window.addEventListener('scroll', () => clearTimeout(pressed), { passive: true });
  roll.addEventListener('contextmenu', (event) => event.preventDefault());
  roll.addEventListener('click', (event) => {
    const button = event.target.closest('[data-student]');
    if (!button || held) return;
    const id = button.dataset.student;
    mark(id, ORDER[(ORDER.indexOf(markOf(id)) + 1) % ORDER.length]);
  });
  dialog.addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-choose]');
    if (chosen) mark(dialog.dataset.student, chosen.dataset.choose);
    if (chosen || event.target === dialog) dialog.close();
  });
  saveButton.addEventListener('click', save);
  window.addEventListener('online', () => {
    if (taps.size > 0 && !note.hidden) save();
  });

  restore();
  showAll();
}
