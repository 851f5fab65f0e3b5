// The score sheet: letters or numbers, Enter and arrows move from one to the next, saved all together.
const SCORES = {
  'A+': 100,
  A: 90,
  'B+': 85,
  B: 80,
  'B-': 70,
  'C+': 60,
  C: 50,
  'C-': 40,
  D: 0,
  'N/A': -1,
  COPY: -100,
  FAIL: -1000,
};
const LETTERS = Object.fromEntries(Object.entries(SCORES).map(([letters, score]) => [score, letters]));

const sheet = document.getElementById('sheet');
const note = document.getElementById('sheet-note');
if (sheet) start();

/** The number behind what was typed; null where it is none. */
function read(text) {
  const plain = text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, '')
    .toUpperCase();
  if (plain === '' || plain === 'NA' || plain === '-') return -1;
  if (plain in SCORES) return SCORES[plain];
  return plain in LETTERS ? Number(plain) : null;
}

function start() {
  const saveButton = document.getElementById('sheet-save');
  const rows = [...sheet.querySelectorAll('[data-student]')];
  const url = `/lessons/${sheet.dataset.lesson}/scores`;
  let saving = false;

  const scoreOf = (row) => row.querySelector('.sheet-score');
  const commentOf = (row) => row.querySelector('.sheet-comment');
  const isRescored = (row) => read(scoreOf(row).value) !== Number(row.dataset.score);
  const isRecommented = (row) => commentOf(row).value.trim() !== row.dataset.comment;

  function say(text, tone = '') {
    note.textContent = text;
    note.className = `alert ${tone}`;
    note.hidden = text === '';
  }

  function show(row) {
    const [score, comment] = [scoreOf(row), commentOf(row)];
    const wrong = read(score.value) === null;
    score.classList.toggle('changed', !wrong && isRescored(row));
    comment.classList.toggle('changed', isRecommented(row));
    row.classList.toggle('changed', isRescored(row) || isRecommented(row));
    row.classList.toggle('wrong', wrong);
    score.setAttribute('aria-invalid', String(wrong));
    const problem = row.querySelector('.problem');
    problem.textContent = wrong ? '写 A+、A、B+ … D、N/A、COPY 或 FAIL' : (row.dataset.conflict ?? '');
    problem.hidden = problem.textContent === '';
  }

  function changedRows() {
    return rows.filter((row) => isRescored(row) || isRecommented(row));
  }

  function showBar() {
    const graded = rows.filter((row) => (read(scoreOf(row).value) ?? -1) !== -1).length;
    const changed = changedRows().length;
    document.getElementById('sheet-counts').textContent =
      `已批 ${graded} / ${rows.length}${changed > 0 ? ` · ${changed} 处没保存` : ''}`;
    saveButton.disabled = saving || changed === 0;
    saveButton.textContent = saving ? '正在保存' : '保存';
  }

  function showAll() {
    for (const row of rows) show(row);
    showBar();
  }

  function move(input, by) {
    const row = input.closest('[data-student]');
    const next = rows[rows.indexOf(row) + by];
    if (!next) return saveButton.focus();
    const target = input.classList.contains('sheet-score') ? scoreOf(next) : commentOf(next);
    target.focus();
    target.select();
  }

  /** Takes in what the server has now; what one typed stays in the fields. */
  function adopt(body, alsoShown) {
    for (const { studentId, score, comment } of body.rows) {
      const row = rows.find((one) => one.dataset.student === String(studentId));
      if (!row) continue;
      row.dataset.score = String(score);
      row.dataset.comment = comment ?? '';
      if (alsoShown) {
        scoreOf(row).value = score === -1 ? '' : LETTERS[score];
        commentOf(row).value = comment ?? '';
      }
    }
  }

  async function save() {
    const wrong = rows.find((row) => read(scoreOf(row).value) === null);
    if (wrong) return scoreOf(wrong).focus();
    const scores = changedRows().map((row) => ({
      studentId: Number(row.dataset.student),
      score: read(scoreOf(row).value),
      seen: Number(row.dataset.score),
      ...(isRecommented(row) && { comment: commentOf(row).value.trim(), seenComment: row.dataset.comment }),
    }));
    if (scores.length === 0 || saving) return;
    saving = true;
    showBar();
    const { ok, status, body } = await window.xiaoxin.send('POST', url, { scores });
    saving = false;
    if (ok) {
      for (const row of rows) delete row.dataset.conflict;
      adopt(body, true);
      say('');
      window.xiaoxin.toast('成绩已保存');
    } else if (status === 409) {
      say(body.error.message, 'bad');
      const now = await window.xiaoxin.send('GET', url);
      // Others' rows show what is there now; those in conflict keep one's own value beside the sentence.
      const mine = new Set(scores.map(({ studentId }) => String(studentId)));
      if (now.ok) {
        for (const { studentId, score, comment } of now.body.rows) {
          const row = rows.find((one) => one.dataset.student === String(studentId));
          if (!row || mine.has(String(studentId))) continue;
          scoreOf(row).value = score === -1 ? '' : LETTERS[score];
          commentOf(row).value = comment ?? '';
        }
        adopt(now.body, false);
      }
      for (const [id, sentence] of Object.entries(body.error.fields ?? {})) {
        const row = rows.find((one) => one.dataset.student === id);
        if (row) row.dataset.conflict = `${sentence}，保存就按你写的`;
      }
    } else {
      say(status === 0 ? '网络断了，还没保存，连上再按一次' : body.error.message, 'bad');
    }
    showAll();
  }

  sheet.addEventListener('input', (event) => {
    const row = event.target.closest('[data-student]');
    if (row) show(row);
    showBar();
  });
  sheet.addEventListener('change', (event) => {
    if (!event.target.classList.contains('sheet-score')) return;
    const score = read(event.target.value);
    if (score !== null) event.target.value = score === -1 ? '' : LETTERS[score];
  });
  sheet.addEventListener('keydown', (event) => {
    if (!event.target.matches('input') || event.isComposing) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(event.target, by);
  });
  sheet.addEventListener('focusin', (event) => {
    if (event.target.classList.contains('sheet-score')) event.target.select();
  });
  saveButton.addEventListener('click', save);
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      save();
    }
  });
  window.addEventListener('beforeunload', (event) => {
    if (changedRows().length > 0) event.preventDefault();
  });
  showAll();
}
