import { grouped } from '../kit/grouped.js';
import { moneyText } from '../kit/money-text.js';
import { creditsIn } from '../ledger/core/credits-text.js';
import { describeEvent, type EventType, type LedgerEvent, saidBy } from '../ledger/core/events.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { dateIn } from './amounts.js';
import type { Action, Figure, Letter } from './letter.js';
import type { MailKind } from './mail-kind.js';

/** What a letter about an event may use. */
export interface EventTold {
  readonly event: LedgerEvent;
  /** Of the account: dates are written in it. */
  readonly timeZone: string;
  /** The purchase that the event names. */
  readonly purchase: PurchaseState | null;
  /** Where the dashboard is, without a slash at the end. */
  readonly publicUrl: string;
}

/** How events of a type become mails. */
interface EventMail {
  readonly kind: MailKind;
  /** The subject, and the first thing the letter says. */
  title(told: EventTold): string;
  figures?(told: EventTold): Figure[];
  /** What to do about it; left out: to open the dashboard. */
  action?(told: EventTold): Action;
}

/** Events that mails tell of; all others go to other channels alone. A new one is a line here: its sentence is the event's own. */
const MAILS: Partial<Readonly<Record<EventType, EventMail>>> = {
  BALANCE_LOW: { kind: 'LOW_BALANCE', title: (told) => `${creditsLeft(told)} left`, figures: balanceFigures },
  BALANCE_RECOVERED: {
    kind: 'LOW_BALANCE',
    title: (told) => `${creditsLeft(told)} available again`,
    figures: balanceFigures,
  },
  PERIOD_RESET: { kind: 'PERIOD_RESET', title: () => 'A new period has begun', figures: resetFigures },
  PURCHASE_PAID: {
    kind: 'RECEIPTS',
    title: ({ purchase }) => `Receipt: ${purchase?.packName ?? 'credits'}`,
    figures: paidFigures,
    action: receiptAction,
  },
  PURCHASE_REFUNDED: { kind: 'RECEIPTS', title: () => 'Your refund is on its way', figures: refundFigures },
  PURCHASE_FAILED: { kind: 'RECEIPTS', title: () => 'Your payment was declined', figures: priceFigures },
  PURCHASE_ACTION_REQUIRED: {
    kind: 'RECEIPTS',
    title: () => 'Please confirm your payment',
    figures: priceFigures,
    action: checkoutAction,
  },
  PLAN_PAYMENT_FAILED: { kind: 'RECEIPTS', title: () => 'The payment for your plan failed', figures: balanceFigures },
  AUTO_TOP_UP_OFF: { kind: 'RECEIPTS', title: () => 'Auto top-up is off' },
  GRANT_EXPIRING: { kind: 'EXPIRING', title: () => 'Credits will expire soon', figures: balanceFigures },
  GRANT_EXPIRED: { kind: 'EXPIRING', title: () => 'Credits have expired', figures: balanceFigures },
};

/** The types of events that mails tell of. */
export const MAILED_TYPES = Object.keys(MAILS) as readonly EventType[];

/** @returns null when no mail tells of such events */
export function mailKindOf(type: EventType): MailKind | null {
  return MAILS[type]?.kind ?? null;
}

/** The letter about an event; its sentence is the one that every channel has. */
export function letterOf(told: EventTold): Letter {
  const mail = MAILS[told.event.type];
  if (mail === undefined) throw new Error(`No mail tells of ${told.event.type}`);
  const title = mail.title(told);
  return {
    subject: title,
    title,
    sentences: [describeEvent(told.event)],
    figures: [...(mail.figures?.(told) ?? []), ['When', dateIn(told.timeZone, told.event.at)]],
    action: mail.action?.(told) ?? dashboardAction(told),
  };
}

function creditsLeft({ event: { balance, creditType } }: EventTold): string {
  return balance.available === 0
    ? `No ${creditType === 'SCAN' ? 'scan credits' : 'credits'}`
    : creditsIn(balance.available, creditType);
}

function dashboardAction({ publicUrl }: EventTold): Action {
  return { label: 'Open the dashboard', url: `${publicUrl}/` };
}

function balanceFigures({ event: { balance }, timeZone }: EventTold): Figure[] {
  return [
    ['Available', grouped(balance.available)],
    ...(balance.held > 0 ? [['On hold', grouped(balance.held)] as const] : []),
    ['Next renewal', dateIn(timeZone, balance.nextResetAt)],
  ];
}

function resetFigures({ event, timeZone }: EventTold): Figure[] {
  const { reset } = saidBy(event);
  if (reset === undefined) return [];
  return [
    ['New credits', grouped(reset.granted)],
    ...(reset.rolledOver > 0 ? [['Carried over', grouped(reset.rolledOver)] as const] : []),
    ...(reset.forfeited > 0 ? [['Expired unused', grouped(reset.forfeited)] as const] : []),
    ['Available', grouped(event.balance.available)],
    ['Next renewal', dateIn(timeZone, reset.nextResetAt)],
  ];
}

function priceFigures({ purchase }: EventTold): Figure[] {
  if (purchase === null) return [];
  return [
    ['Pack', purchase.packName],
    ['Price', moneyText({ amountMinor: purchase.priceMinor, currency: purchase.currency })],
  ];
}

function paidFigures(told: EventTold): Figure[] {
  const { purchase } = told;
  if (purchase === null) return [];
  return [
    ['Pack', purchase.packName],
    ['Credits', grouped(purchase.credits)],
    ...(purchase.bonusCredits > 0 ? [['Bonus', grouped(purchase.bonusCredits)] as const] : []),
    ['Paid', moneyText({ amountMinor: purchase.priceMinor, currency: purchase.currency })],
    ...(purchase.expiresAt === null
      ? []
      : [['Credits valid until', dateIn(told.timeZone, purchase.expiresAt)] as const]),
    ...(purchase.paymentId === null ? [] : [['Payment', purchase.paymentId] as const]),
  ];
}

function refundFigures({ purchase }: EventTold): Figure[] {
  if (purchase === null) return [];
  return [
    ['Pack', purchase.packName],
    ['Paid', moneyText({ amountMinor: purchase.priceMinor, currency: purchase.currency })],
    ['Given back in all', moneyText({ amountMinor: purchase.refundedMinor, currency: purchase.currency })],
  ];
}

function receiptAction(told: EventTold): Action {
  const url = told.purchase?.receiptUrl ?? null;
  return url === null || !isWebAddress(url) ? dashboardAction(told) : { label: 'Show the receipt', url };
}

function checkoutAction(told: EventTold): Action {
  const url = told.purchase?.checkoutUrl ?? null;
  return url === null || !isWebAddress(url) ? dashboardAction(told) : { label: 'Confirm the payment', url };
}

/** What a provider gave is no script. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}
