import { createContext, use } from 'react';

/** Why nothing can be asked of the server now, a whole sentence; null while it can. Given by the application. */
export const WaitingContext = createContext<string | null>(null);

export function useWaiting(): string | null {
  return use(WaitingContext);
}
