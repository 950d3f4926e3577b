import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useAnnouncer } from '../../ui/Announce.js';
import { Button } from '../../ui/Button.js';

/** Puts a text on the clipboard, and says whether it is there. */
export function Copy({ text, what }: { text: string; what: string }) {
  const announcer = useAnnouncer();
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      announcer.now(t`Copied.`);
    } catch {
      // Without a safe connection, or where the viewer forbids it, browsers give pages no clipboard.
      setState('failed');
      announcer.now(t`It could not be copied. Select and copy it yourself.`);
    }
  };
  return (
    <>
      <Button tone="main" onClick={() => void copy()}>
        {state === 'copied' ? t`Copied` : what}
      </Button>
      {state === 'failed' && <span>{t`It could not be copied. Select and copy it yourself.`}</span>}
    </>
  );
}
