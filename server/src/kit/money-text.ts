/** Money for a person, with as many places as the currency has, exact to the last one: `1,032.00 USD`. */
export function moneyText({
  amountMinor,
  currency,
}: {
  readonly amountMinor: number;
  readonly currency: string;
}): string {
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const digits = String(amountMinor).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${places === 0 ? whole : `${whole}.${digits.slice(-places)}`} ${currency}`;
}
