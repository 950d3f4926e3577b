import { useSyncExternalStore } from 'react';

export type Shape = 'phone' | 'tablet' | 'wide';

/** The widths of breakpoints.css at which another element, and not only another style, is drawn. */
const phone = matchMedia('(width < 40em)');
const tablet = matchMedia('(width < 64em)');

const read = (): Shape => (phone.matches ? 'phone' : tablet.matches ? 'tablet' : 'wide');

function subscribe(onChange: () => void): () => void {
  for (const width of [phone, tablet]) width.addEventListener('change', onChange);
  return () => {
    for (const width of [phone, tablet]) width.removeEventListener('change', onChange);
  };
}

/** The shape of the page at its present width. */
export function useShape(): Shape {
  return useSyncExternalStore(subscribe, read);
}
