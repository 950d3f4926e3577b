import { escapeHtml, htmlPage, PAGE_STYLE } from '../kit/html.js';
import { dateIn } from './amounts.js';
import type { KeptMail } from './kept-mails.js';

/** The style of these pages; the door allows it by its hash. */
export const MAIL_PAGE_STYLE = `${PAGE_STYLE}
main{max-width:560px}
ul{list-style:none;margin:0;padding:0}
li{border-top:1px solid var(--line);padding:12px 0;overflow-wrap:anywhere}
a{color:var(--main);display:inline-block;min-height:24px}
button{min-height:44px;font:inherit;font-weight:600;border:0;border-radius:8px;background:var(--main);color:var(--on-main);padding:8px 16px;cursor:pointer}
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
  return htmlPage(title, MAIL_PAGE_STYLE, body);
}
