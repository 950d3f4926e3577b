import type { CreditType } from '../catalog/catalog.js';

const numbers = new Intl.NumberFormat('en');

/** A number for a person: `1,000`. */
export function count(value: number): string {
  return numbers.format(value);
}

/** Credits for a person: `1 credit`, `1,000 credits`, `2 scan credits`. */
export function creditsIn(value: number, creditType: CreditType = 'STANDARD'): string {
  return `${count(value)} ${creditType === 'SCAN' ? 'scan ' : ''}credit${value === 1 ? '' : 's'}`;
}
