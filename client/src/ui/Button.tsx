import type { ComponentProps } from 'react';
import styles from './Button.module.css';

type Props = ComponentProps<'button'> & { tone?: 'main' | 'plain' | 'quiet'; size?: 'normal' | 'large' };

/**
 * A button that can say why it does nothing: `aria-disabled` keeps it focusable and its reason readable, and a press is
 * then ignored here.
 */
export function Button({ tone = 'plain', size = 'normal', className, onClick, ...rest }: Props) {
  const isDisabled = rest['aria-disabled'] === true || rest['aria-disabled'] === 'true';
  return (
    <button
      type="button"
      {...rest}
      onClick={isDisabled ? (event) => event.preventDefault() : onClick}
      className={[styles.button, className].filter(Boolean).join(' ')}
      data-tone={tone}
      data-size={size}
    />
  );
}
