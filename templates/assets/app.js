// What every page can do: batch selection, filter drawers, asking before what cannot be undone, and calls of its own.

document.documentElement.classList.add('scripted');

const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** Calls one of our addresses with JSON; a lost connection is status 0. */
async function send(method, url, body) {
  const headers = { Accept: 'application/json', 'x-csrf-token': csrf };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: text ? JSON.parse(text) : null };
  } catch {
    return { ok: false, status: 0, body: { error: { code: 'offline', message: '网络断了，稍后再试' } } };
  }
}

/** Says something in passing; tone 'bad' for what went wrong. */
function toast(message, tone = '') {
  const box = document.createElement('div');
  box.className = `toast ${tone}`;
  box.textContent = message;
  document.querySelector('.toasts')?.append(box);
  setTimeout(() => box.remove(), 4000);
}

/** Asks before what cannot be undone; resolves to whether it was meant. */
function ask(question, yes) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'ask';
    const words = document.createElement('p');
    words.textContent = question;
    const buttons = document.createElement('form');
    buttons.method = 'dialog';
    buttons.className = 'row';
    for (const [value, title, look] of [
      ['', '取消', 'quiet'],
      ['yes', yes, 'danger'],
    ]) {
      const button = document.createElement('button');
      button.className = `button ${look}`;
      button.value = value;
      button.textContent = title;
      buttons.append(button);
    }
    dialog.append(words, buttons);
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

window.xiaoxin = { csrf, send, toast, ask };

for (const form of document.querySelectorAll('form[data-confirm]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const title = event.submitter?.textContent?.trim() || '确定';
    if (await ask(form.dataset.confirm, title)) form.submit();
  });
}

// A second tap on a slow line must not send the form twice.
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', () => {
    const buttons = form.querySelectorAll('button:not([type="button"])');
    setTimeout(() => {
      for (const button of buttons) button.disabled = true;
    });
  });
  window.addEventListener('pageshow', () => {
    for (const button of form.querySelectorAll('button')) button.disabled = false;
  });
}

for (const form of document.querySelectorAll('form[data-batch]')) {
  const bar = form.querySelector('[data-batch-bar]');
  const all = form.querySelector('[data-pick-all]');
  const boxes = [...form.querySelectorAll('input[name="ids"]')];
  if (!bar) continue;
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    bar.classList.toggle('open', count > 0);
    bar.querySelector('[data-batch-count]').textContent = String(count);
    if (!all) return;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  form.addEventListener('change', (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  window.addEventListener('pageshow', show);
}

function drawOptions(drawer, rows) {
  const { name, chosen } = drawer.dataset;
  const picked = new Set((chosen ?? '').split(','));
  const box = drawer.querySelector('.filter-options');
  box.replaceChildren(
    ...rows.map((row) => {
      const label = document.createElement('label');
      label.className = 'check';
      const input = document.createElement('input');
      input.type = 'checkbox';
      input.name = name;
      input.value = String(row.id);
      input.checked = picked.has(String(row.id));
      label.append(input, ` ${row.name}`);
      return label;
    }),
  );
  if (rows.length === 0) box.textContent = '还没有可选的';
}

const drawers = [...document.querySelectorAll('details[data-filter]')];
for (const drawer of drawers) {
  drawer.addEventListener('toggle', async () => {
    if (!drawer.open) return;
    for (const other of drawers) if (other !== drawer) other.open = false;
    if (!drawer.dataset.options || drawer.dataset.drawn) return;
    const { ok, body } = await send('GET', drawer.dataset.options);
    if (!ok) return toast(body?.error?.message ?? '没取到，再试一次', 'bad');
    drawer.dataset.drawn = 'yes';
    drawOptions(drawer, body.rows);
  });
}
document.addEventListener('click', (event) => {
  for (const drawer of drawers) if (drawer.open && !drawer.contains(event.target)) drawer.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') for (const drawer of drawers) drawer.open = false;
});

// Addresses stay readable: a list's form sends neither empty fields nor half ranges.
for (const form of document.querySelectorAll('form.filters')) {
  form.addEventListener('submit', () => {
    for (const range of form.querySelectorAll('[data-range]')) {
      const [from, to] = [range.querySelector('[data-from]').value, range.querySelector('[data-to]').value];
      range.querySelector('input[type="hidden"]').value = from || to ? `${from}..${to}` : '';
    }
    for (const input of form.querySelectorAll('input')) if (input.name && input.value === '') input.disabled = true;
  });
}

// A long list of options is searched by name instead of scrolled.
const SCROLLED = 30;
for (const select of document.querySelectorAll('select[data-options]')) {
  if (select.options.length <= SCROLLED) continue;
  const search = document.createElement('input');
  search.type = 'search';
  search.placeholder = '输入名字来找';
  search.setAttribute('aria-label', '输入名字来找');
  select.before(search);
  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const { ok, body } = await send('GET', `${select.dataset.options}?q=${encodeURIComponent(search.value.trim())}`);
      if (!ok) return;
      const kept = [...select.options].filter((option) => option.value === '' || option.selected);
      const found = body.rows
        .filter((row) => !kept.some((option) => option.value === String(row.id)))
        .map((row) => new Option(row.name, String(row.id)));
      select.replaceChildren(...kept, ...found);
      if (search.value.trim() && found.length > 0 && !select.value) select.value = found[0].value;
    }, 250);
  });
}

document.querySelector('[aria-invalid="true"]')?.focus();
