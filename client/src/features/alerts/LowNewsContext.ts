import { createContext } from 'react';
import type { ReactNode } from 'react';

/** What a warning of low credits offers; given by the application, which knows the balance. */
export const LowNewsContext = createContext<ReactNode>(null);
