import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'react';
import { isolated } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Copy } from './Copy.js';
import styles from './Developers.module.css';

/** A key that was just made. Its secret is nowhere else. */
export type Made = { secret: string; name: string };

/** A secret that is shown this once: to be copied, and gone with a press. */
export function SecretOnce({ made: { secret, name }, onClose }: { made: Made; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={styles.form} role="group" aria-label={t`The secret of ${name}`} data-secret>
      <h3 ref={heading} tabIndex={-1}>{t`The secret of ${isolated(name)}`}</h3>
      <p>{t`Keep it where your program finds it. It is shown now and never again; whoever has it may do what the key may.`}</p>
      <code className={styles.secret}>{secret}</code>
      <div className={styles.actions}>
        <Copy text={secret} what={t`Copy the secret`} />
        <Button onClick={onClose}>{t`I have kept it`}</Button>
      </div>
    </div>
  );
}
