// Handing in: several files are chosen at once and sent one after the other, each told how far it is; a file that is too
// large is said so before a phone has sent all of it.
const form = document.getElementById('hand-in');
if (form) start();

function start() {
  const most = Number(form.dataset.mostBytes);
  const mostFiles = Number(form.dataset.mostFiles);
  const input = form.querySelector('input[type="file"]');
  const note = document.getElementById('hand-in-note');
  const button = form.querySelector('.button.primary');
  input.multiple = mostFiles > 1;

  input.addEventListener('change', () => {
    const files = [...input.files];
    const large = files.find((file) => file.size > most);
    const problem = large
      ? `「${large.name}」太大，每个最多 ${Math.floor(most / 1024 / 1024)} MB`
      : files.length > mostFiles
        ? `还能加 ${mostFiles} 个文件，你选了 ${files.length} 个`
        : '';
    input.setCustomValidity(problem);
    if (problem) input.reportValidity();
  });

  form.addEventListener('submit', async (event) => {
    const files = [...input.files];
    if (files.length < 2) return;
    event.preventDefault();
    for (const [index, file] of files.entries()) {
      say(`正在传第 ${index + 1} 个，共 ${files.length} 个：${file.name}`);
      const problem = await upload(file, index === 0);
      if (!problem) continue;
      const done = index > 0 ? `前 ${index} 个交好了。` : '';
      say(`${done}「${file.name}」没传上：${problem}`, 'bad');
      button.disabled = false;
      if (index > 0) setTimeout(() => window.location.reload(), 4000);
      return;
    }
    window.location.reload();
  });

  /** Sends one file; the memo goes with the first. Returns what was wrong, or null. */
  async function upload(file, isFirst) {
    const body = new FormData();
    if (isFirst) body.set('memo', form.elements.memo.value);
    body.set('file', file);
    try {
      const headers = { Accept: 'application/json', 'x-csrf-token': window.xiaoxin.csrf };
      const answer = await fetch(form.action, { method: 'POST', body, headers });
      return answer.ok ? null : (await answer.json()).error.message;
    } catch {
      return '网络断了，连上再试';
    }
  }

  function say(text, tone = '') {
    note.textContent = text;
    note.className = `alert ${tone}`;
    note.hidden = false;
  }
}
