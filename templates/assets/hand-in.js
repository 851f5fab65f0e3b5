import { byId, find } from './dom.js';
import { csrf, read, say } from './page.js';

// Handing in: several files are chosen at once and sent one after the other, each told how far it is; a file that is too
// large is said so before a phone has sent all of it.

if (document.getElementById('hand-in')) start(byId('hand-in', HTMLFormElement));

/** @param {HTMLFormElement} form */
function start(form) {
  const most = Number(form.dataset.mostBytes);
  const mostFiles = Number(form.dataset.mostFiles);
  const input = find(form, 'input[type="file"]', HTMLInputElement);
  const note = byId('hand-in-note', HTMLElement);
  const button = find(form, '.button.primary', HTMLButtonElement);
  input.multiple = mostFiles > 1;

  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
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
    const files = [...(input.files ?? [])];
    if (files.length < 2) return;
    event.preventDefault();
    for (const [index, file] of files.entries()) {
      say(note, `正在传第 ${index + 1} 个，共 ${files.length} 个：${file.name}`);
      const problem = await upload(file, index === 0);
      if (problem === null) continue;
      const done = index > 0 ? `前 ${index} 个交好了。` : '';
      say(note, `${done}「${file.name}」没传上：${problem}`, 'bad');
      button.disabled = false;
      if (index > 0) setTimeout(() => window.location.reload(), 4000);
      return;
    }
    window.location.reload();
  });

  /**
   * Sends one file; the memo goes with the first. Returns what was wrong, or null.
   * @param {File} file
   * @param {boolean} isFirst
   */
  async function upload(file, isFirst) {
    const body = new FormData();
    if (isFirst) body.set('memo', find(form, '[name="memo"]', HTMLTextAreaElement).value);
    body.set('file', file);
    try {
      const headers = { Accept: 'application/json', 'x-csrf-token': csrf };
      const answer = await fetch(form.action, { method: 'POST', body, headers });
      if (answer.ok) return null;
      const said = await read(answer);
      return said.ok ? null : said.message;
    } catch {
      return '网络断了，连上再试';
    }
  }
}
