import { dateIn } from './amounts.js';
import { escapeHtml } from './escape-html.js';
import type { KeptMail } from './kept-mails.js';

/** The only style of these pages; the door allows it by its hash. */
export const MAIL_PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1b1f;--soft:#5b5b66;--paper:#fff;--ground:#f3f3f6;--line:#d5d5de;--main:#3a3ad6;--on-main:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f5;--soft:#b4b4c0;--paper:#1d1d23;--ground:#121216;--line:#3c3c48;--main:#a9a9ff;--on-main:#14142b}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;display:grid;place-items:start center;padding:16px}
main{width:100%;max-width:560px;background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px}
h1{font-size:1.25rem;margin:0 0 8px}
p{margin:0 0 12px}
ul{list-style:none;margin:0;padding:0}
li{border-top:1px solid var(--line);padding:12px 0;overflow-wrap:anywhere}
a{color:var(--main);display:inline-block;min-height:24px}
.soft{color:var(--soft);font-size:.9rem}
button{min-height:44px;font:inherit;font-weight:600;border:0;border-radius:8px;background:var(--main);color:var(--on-main);padding:8px 16px;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--main);outline-offset:2px}
`;

/** What a link led to, in a sentence; with a button when something is still to be done. */
export function mailPage(title: string, sentence: string, button: string | null = null): string {
  const form =
    button === null
      ? ''
      : `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${escapeHtml(button)}</button></form>`;
  return page(title, `<h1>${escapeHtml(title)}</h1>\n<p role="status">${escapeHtml(sentence)}</p>\n${form}`);
}

/** The mails of a demo, the newest first. */
export function keptMailsPage(mails: readonly KeptMail[]): string {
  const items = mails.map(({ accountId, id, subject, address, at }) => {
    // Below this page, whatever path it is served at.
    const own = `mail/${accountId}/${id}`;
    return `<li><a href="${own}">${escapeHtml(subject)}</a> · <a href="${own}/text" aria-label="${escapeHtml(subject)}, as text">text</a>
<div class="soft">to ${escapeHtml(address)}, <time datetime="${new Date(at).toISOString()}">${dateIn('UTC', at)}</time>, ${accountId}</div></li>`;
  });
  const list =
    items.length === 0
      ? '<p>None yet. Ask for some in the e-mail preferences of an account, and confirm the address by the link in the first one.</p>'
      : `<ul>\n${items.join('\n')}\n</ul>`;
  return page(
    'Mails of the demo',
    `<h1>Mails of the demo</h1>\n<p class="soft">They are kept here instead of being sent.</p>\n${list}`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${MAIL_PAGE_STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
