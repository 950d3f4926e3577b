import styles from './Part.module.css';

/** Stands for what is still on its way, at the height it will have. */
export function Skeleton(props: { height: number | string; width?: number | string; label?: string }) {
  return (
    <span className={styles.skeleton} style={{ height: props.height, width: props.width ?? '100%' }}>
      {props.label !== undefined && <span className="visually-hidden">{props.label}</span>}
    </span>
  );
}
