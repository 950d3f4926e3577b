import { escapeHtml, htmlPage, PAGE_STYLE } from '../../kit/html.js';
import { moneyText } from '../../kit/money-text.js';
import type { SandboxOrder } from './sandbox-order.js';
import type { CheckoutOutcome } from './sandbox-checkout.js';

/** The page's style; the door allows it by its hash. */
export const CHECKOUT_STYLE = `${PAGE_STYLE}
main{max-width:440px}
h1{font-size:1rem;font-weight:500;color:var(--soft);margin:0}
h2{font-size:.875rem;font-weight:500;color:var(--soft);border-top:1px solid color-mix(in srgb,var(--line) 45%,transparent);margin:24px 0 12px;padding-top:16px}
.price{font-size:1.75rem;font-weight:600;line-height:1.2;margin:0 0 8px;overflow-wrap:anywhere}
.ways{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:8px}
.ways button{font-size:.875rem;margin:0}
p:last-child{margin:16px 0 0}
fieldset{border:1px solid var(--line);border-radius:8px;margin:0 0 12px;padding:8px 12px}
legend{padding:0 4px;color:var(--soft);font-size:.9rem}
label{display:flex;gap:8px;align-items:center;min-height:44px;padding:4px 0}
form>label{margin:0 0 12px}
input{width:20px;height:20px;accent-color:var(--main);flex:none}
button,a.button{display:block;width:100%;min-height:44px;font:inherit;text-align:center;text-decoration:none;border:1px solid var(--line);border-radius:8px;background:transparent;color:inherit;padding:8px 12px;margin:0 0 8px;cursor:pointer}
button.main,a.main{background:var(--main);border-color:var(--main);color:var(--on-main);font-weight:600}
.notice{border-left:4px solid var(--main);padding:4px 12px;margin:0 0 16px}
`;

const WAYS: readonly (readonly [CheckoutOutcome, string])[] = [
  ['decline', 'The card is declined'],
  ['needs_buyer', 'The bank asks the buyer to confirm'],
  ['delay_paid', 'The bank takes an hour, then pays'],
  ['delay_failed', 'The bank takes an hour, then declines'],
  ['duplicate', 'Pay, and the event comes twice'],
  ['event_first', 'Pay, and the event comes before the redirect'],
  ['never', 'Pay, and nobody tells of it'],
];
const DISPUTES: readonly (readonly [CheckoutOutcome, string])[] = [
  ['dispute', 'The buyer disputes it at the bank'],
  ['dispute_won', 'The bank decides for the seller'],
  ['dispute_lost', 'The bank decides for the buyer'],
];

const STATUS: Readonly<Record<SandboxOrder['status'], string>> = {
  OPEN: '',
  NEEDS_BUYER: 'The bank asks you to confirm this payment. Pay to confirm it.',
  DELAYED: 'The bank is taking its time: it decides when the account’s clock has moved an hour.',
  PAID: 'This is paid.',
  FAILED: 'The card was declined. Nothing was charged.',
  CANCELED: 'This checkout was canceled or has ended. Nothing was charged.',
};

function page(title: string, body: string): string {
  return htmlPage(title, CHECKOUT_STYLE, body);
}

function buttons(ways: readonly (readonly [CheckoutOutcome, string])[]): string {
  if (ways.length === 0) return '';
  const each = ways.map(
    ([outcome, label]) => `<button name="outcome" value="${outcome}">${escapeHtml(label)}</button>`,
  );
  return `<div class="ways">\n${each.join('\n')}\n</div>`;
}

function cards(): string {
  return `<fieldset>
<legend>Card</legend>
<label><input type="radio" name="card" value="4242" checked> Test card •••• 4242, 12/99: always pays</label>
<label><input type="radio" name="card" value="0002"> •••• 0002: later charges are declined</label>
<label><input type="radio" name="card" value="3155"> •••• 3155: at later charges the bank asks</label>
</fieldset>`;
}

/**
 * The checkout of an order: what it is, what it costs, and every way in which it may end. Plain forms: it works without scripts.
 *
 * @param backUrl  where the buyer came from
 */
export function checkoutPage(order: SandboxOrder, backUrl: string): string {
  const { title, price, status, kind, savesMethod } = order;
  const isPaid = status === 'PAID';
  const says = STATUS[status];
  const notice = says === '' ? '' : `<p class="notice" role="status">${escapeHtml(says)}</p>`;
  const save =
    savesMethod && kind !== 'method'
      ? '<input type="hidden" name="asked" value="1">\n<label><input type="checkbox" name="save" value="true"> Save this card, to be charged without me when I ask for it</label>'
      : '';
  const pay = kind === 'method' ? 'Save this card' : price === null ? 'Confirm' : `Pay ${moneyText(price)}`;
  const form = isPaid
    ? `<h2>Afterwards</h2>\n<form method="post">\n${buttons(kind === 'method' ? [] : DISPUTES)}\n</form>`
    : `<form method="post">
${cards()}
${save}
<button class="main" name="outcome" value="succeed">${escapeHtml(pay)}</button>
<button name="outcome" value="cancel">Cancel</button>
<h2>Other ways in which it may end</h2>
${buttons(WAYS)}
</form>`;
  return page(
    `${isPaid ? 'Paid' : 'Pay'}: ${title}`,
    `<h1>${escapeHtml(title)}</h1>
${price === null ? '' : `<p class="price">${escapeHtml(moneyText(price))}</p>`}
<p class="soft">Sandbox: no money moves, and no card is real.</p>
${notice}
${form}
<p><a class="button${isPaid ? ' main' : ''}" href="${escapeHtml(backUrl)}">${isPaid ? 'Go on' : 'Back without paying'}</a></p>`,
  );
}

/** For an address that leads to no checkout, or one that cannot end as it was asked. */
export function checkoutProblemPage(title: string, sentence: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(sentence)}</p>`);
}
