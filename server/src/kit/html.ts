/** Text for an element or an attribute of HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The colours of the server's own pages, light and dark, and what all of them have in common. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#15181d;--soft:#4e535a;--paper:#fff;--ground:#f9f8f5;--line:#8a8983;--main:#15181d;--on-main:#fff;--focus:#2d63d8}
@media (prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#b4b8bf;--paper:#16181b;--ground:#0d0f11;--line:#70757d;--main:#edeef0;--on-main:#15181d;--focus:#83a8ff}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;display:grid;place-items:start center;padding:16px}
main{width:100%;background:var(--paper);border:1px solid color-mix(in srgb,var(--line) 45%,transparent);border-radius:12px;padding:24px}
h1{font-size:1.25rem;margin:0 0 8px}
p{margin:0 0 12px}
.soft{color:var(--soft);font-size:.9rem}
button:focus-visible,a:focus-visible,input:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
`;

/**
 * A page that the server makes itself, without a script.
 *
 * @param style  `PAGE_STYLE` and its own; the door allows it by its hash
 * @param body  HTML: every text in it is escaped already
 */
export function htmlPage(title: string, style: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
