/** A small page of the simulated WeChat browser; `body` is trusted HTML. */
export function browserPage(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/assets/tokens.css"><link rel="stylesheet" href="/sandbox/assets/browser.css"></head>
<body><main>${body}</main></body></html>`;
}

/** Why WeChat does not go on. */
export function refusalPage(code: number, why: string): string {
  return browserPage('微信', `<h1>${escapeHtml(why)}</h1><p class="muted">错误代码 ${code}</p>`);
}

/** Asks which phone is meant, for a browser that is on no phone. */
export function choosePhonePage(phones: readonly { label: string; href: string }[]): string {
  const list = phones.map(({ label, href }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></li>`);
  const lead =
    '<h1>用哪部手机打开</h1><p class="muted">这个链接要在微信里打开。选一部手机，就当是在它的微信里打开的。</p>';
  return browserPage('微信', `${lead}<ul class="phones">${list.join('')}</ul>`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
