import { t } from '@lingui/core/macro';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { useAnnouncer } from './Announce.js';
import { useWaiting } from './waiting.js';
import styles from './Toasts.module.css';

export type Toast = {
  id: string;
  /** A newer toast of the same topic takes the place of the older. */
  topic: string;
  tone: 'plain' | 'low' | 'empty';
  icon: ReactNode;
  title: string;
  text: string;
  /** Shown in place of title and text, which are said; it may follow live numbers. */
  body?: ReactNode;
  action?: ReactNode;
};

type Tray = { show: (toast: Toast) => void; withdraw: (topic: string) => void };
const ToastContext = createContext<Tray>({ show: () => undefined, withdraw: () => undefined });

/** Shows a message and says it once. A warning stays until it is dismissed; plain news goes by itself, but never from under one's hand. */
export function useToast(): (toast: Toast) => void {
  return use(ToastContext).show;
}

/** Takes back what is shown of a topic, since it is no longer so. */
export function useWithdraw(): (topic: string) => void {
  return use(ToastContext).withdraw;
}

const shownMax = 3;
const plainMs = 12_000;
const lookAgainMs = 4_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const announcer = useAnnouncer();
  const stale = useWaiting() === null ? undefined : '';
  const show = useCallback(
    (toast: Toast) => {
      setToasts((shown) => [...shown.filter((each) => each.topic !== toast.topic), toast].slice(-shownMax));
      announcer.now(`${toast.title}. ${toast.text}`);
    },
    [announcer],
  );
  const dismiss = useCallback((id: string) => setToasts((shown) => shown.filter((each) => each.id !== id)), []);
  const withdraw = useCallback(
    (topic: string) => setToasts((shown) => shown.filter((each) => each.topic !== topic)),
    [],
  );
  const tray = useMemo(() => ({ show, withdraw }), [show, withdraw]);
  const region = useRef<HTMLElement>(null);
  const oldestPlain = toasts.find((toast) => toast.tone === 'plain')?.id;
  useEffect(() => {
    if (oldestPlain === undefined) return;
    let timer = setTimeout(function leave() {
      if (region.current?.matches(':hover, :focus-within') === true) timer = setTimeout(leave, lookAgainMs);
      else dismiss(oldestPlain);
    }, plainMs);
    return () => clearTimeout(timer);
  }, [oldestPlain, dismiss]);
  const list = useMemo(
    () =>
      toasts.map((toast) => (
        <li key={toast.id} className={styles.toast} data-tone={toast.tone} data-toast>
          <span className={styles.icon} aria-hidden="true">
            {toast.icon}
          </span>
          <div className={styles.words}>
            {toast.body ?? (
              <>
                <strong>{toast.title}</strong>
                <p>{toast.text}</p>
              </>
            )}
            {toast.action}
          </div>
          <button
            type="button"
            className={styles.close}
            onClick={() => dismiss(toast.id)}
            aria-label={t`Dismiss: ${toast.title}`}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </li>
      )),
    [toasts, dismiss],
  );
  return (
    <ToastContext value={tray}>
      {children}
      {toasts.length > 0 && (
        <section ref={region} className={styles.region} aria-label={t`Messages`} data-stale={stale}>
          <ul className={styles.list}>{list}</ul>
        </section>
      )}
    </ToastContext>
  );
}
