// An import's page follows it: counts and bar while it is read or run, the page anew when that ends.
const box = document.getElementById('import');
const { id, state } = box?.dataset ?? {};
const EVERY_MS = 1000;

function show(progress) {
  const done = progress.state === 'reading' ? progress.read : progress.saved + progress.duplicates + progress.failed;
  const bar = document.getElementById('import-bar');
  if (progress.total > 0) {
    bar.max = progress.total;
    bar.value = done;
    document.getElementById('import-count').textContent = `${done} / ${progress.total}`;
  }
  for (const count of box.querySelectorAll('[data-count]')) count.textContent = `${progress[count.dataset.count]} 位`;
}

async function follow() {
  const { ok, body } = await window.xiaoxin.send('GET', `/customers/import/${id}`);
  if (ok && body.state !== state) return location.reload();
  if (ok) show(body);
  setTimeout(follow, EVERY_MS);
}

if (state === 'reading' || state === 'running') setTimeout(follow, EVERY_MS / 2);
