import { isolate } from '../kit/check-text.js';
import { escapeHtml } from '../kit/html.js';
import type { Action, ComposedLetter, Figure, Letter, LetterFrame } from './letter.js';

const FONT = '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif';

/** For those mail programs that read styles in the head: the dark theme, and narrow screens. */
const STYLE = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#121216!important}
.paper{background:#1d1d23!important;border-color:#3c3c48!important}
.ink{color:#f2f2f5!important}
.soft{color:#b4b4c0!important}
.line{border-color:#3c3c48!important}
.main{background:#a9a9ff!important;border-color:#a9a9ff!important;color:#14142b!important}
}
@media (max-width:480px){
.outer{padding:12px 8px!important}
.paper{padding:20px 16px!important}
.main{display:block!important;text-align:center!important}
}
`;

/**
 * A letter as HTML and as text, which say the same.
 *
 * Styles stand at the elements, since many mail programs read no others; nothing is loaded from anywhere, so that opening a mail tells
 * nobody that it was opened. Layout is by tables, the one kind that all of them know.
 */
export function composeLetter(letter: Letter, frame: LetterFrame): ComposedLetter {
  const subject = frame.isSandbox ? `[Sandbox] ${letter.subject}` : letter.subject;
  return { subject, html: htmlOf(letter, frame, subject), plain: plainOf(letter, frame) };
}

function htmlOf({ title, sentences, figures, action }: Letter, frame: LetterFrame, subject: string): string {
  const paragraphs = sentences.map(
    (sentence) => `<p class="ink" style="margin:0 0 12px;color:#1b1b1f">${escapeHtml(sentence)}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f3f3f6">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f3f6">
<tr><td class="outer" align="center" style="padding:24px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="soft" style="padding:0 4px 12px;font:600 14px/1.5 ${cssFont()};color:#5b5b66">${escapeHtml(headOf(frame))}</td></tr>
<tr><td class="paper" style="background:#ffffff;border:1px solid #d5d5de;border-radius:12px;padding:28px;font:16px/1.55 ${cssFont()}">
<h1 class="ink" style="margin:0 0 12px;font:600 22px/1.3 ${cssFont()};color:#1b1b1f">${escapeHtml(title)}</h1>
${paragraphs.join('\n')}
${figuresHtml(figures)}
${action === null ? '' : actionHtml(action)}
</td></tr>
<tr><td class="soft" style="padding:16px 4px 0;font:13px/1.6 ${cssFont()};color:#5b5b66">${footHtml(frame)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** In an attribute, whose quotes are double. */
function cssFont(): string {
  return FONT.replaceAll('"', "'");
}

function headOf({ accountName, isSandbox }: LetterFrame): string {
  return `AIBC Credits · ${isolate(accountName)}${isSandbox ? ' · sandbox' : ''}`;
}

function figuresHtml(figures: readonly Figure[]): string {
  if (figures.length === 0) return '';
  const rows = figures.map(
    ([label, value]) => `<tr>
<td class="soft line" style="padding:8px 12px 8px 0;border-top:1px solid #e3e3ea;font:14px/1.5 ${cssFont()};color:#5b5b66;vertical-align:top">${escapeHtml(label)}</td>
<td class="ink line" align="right" style="padding:8px 0;border-top:1px solid #e3e3ea;font:600 14px/1.5 ${cssFont()};color:#1b1b1f;vertical-align:top;word-break:break-word">${escapeHtml(value)}</td>
</tr>`,
  );
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 4px;border-collapse:collapse">
${rows.join('\n')}
</table>`;
}

function actionHtml({ label, url }: Action): string {
  return `<p style="margin:20px 0 0"><a class="main" href="${escapeHtml(url)}" style="display:inline-block;background:#3a3ad6;border:1px solid #3a3ad6;border-radius:8px;color:#ffffff;font:600 16px/1.25 ${cssFont()};padding:12px 20px;text-decoration:none">${escapeHtml(label)}</a></p>`;
}

function footHtml({ because, stopUrl, supportAddress }: LetterFrame): string {
  const link = (url: string, text: string): string =>
    `<a class="soft" href="${escapeHtml(url)}" style="color:#5b5b66">${escapeHtml(text)}</a>`;
  const parts = [escapeHtml(because)];
  if (stopUrl !== null) parts.push(`${link(stopUrl, 'Stop mails of this kind')}.`);
  if (supportAddress !== null) parts.push(`Questions: ${link(`mailto:${supportAddress}`, supportAddress)}.`);
  return parts.join('<br>\n');
}

function plainOf({ title, sentences, figures, action }: Letter, frame: LetterFrame): string {
  const { because, stopUrl, supportAddress } = frame;
  const wide = Math.max(0, ...figures.map(([label]) => label.length));
  const blocks = [
    headOf(frame),
    title,
    ...sentences,
    figures.map(([label, value]) => `${`${label}:`.padEnd(wide + 1)} ${value}`).join('\n'),
    action === null ? '' : `${action.label}:\n${action.url}`,
    [
      '-- ',
      because,
      ...(stopUrl === null ? [] : [`Stop mails of this kind: ${stopUrl}`]),
      ...(supportAddress === null ? [] : [`Questions: ${supportAddress}`]),
    ].join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
