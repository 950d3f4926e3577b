import type { CreditType } from '../../catalog/catalog.js';
import { grouped } from '../../kit/grouped.js';

/** Credits for a person: `1 credit`, `1,000 credits`, `2 scan credits`. */
export function creditsIn(value: number, creditType: CreditType = 'STANDARD'): string {
  return `${grouped(value)} ${creditType === 'SCAN' ? 'scan ' : ''}credit${value === 1 ? '' : 's'}`;
}

/** Credits as the subject of a sentence: `1 credit is`, `2 credits are`. */
export function creditsAre(value: number, creditType: CreditType = 'STANDARD'): string {
  return `${creditsIn(value, creditType)} ${value === 1 ? 'is' : 'are'}`;
}
