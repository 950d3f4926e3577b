import { t } from '@lingui/core/macro';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import styles from './Sample.module.css';

/** Numbers in [0, 1) that are always the same for one text (FNV-1a, then xorshift). */
function numbersOf(seed: string): () => number {
  let state = 2166136261;
  for (let index = 0; index < seed.length; index++) state = Math.imul(state ^ seed.charCodeAt(index), 16777619);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const width = 320;
const height = 180;

/** A picture in place of the result, drawn from the reservation's id: this room simulates the work. */
export function Sample({ seed, operation }: { seed: string; operation: OperationFieldsFragment }) {
  const next = numbersOf(seed);
  for (let skipped = 0; skipped < 8; skipped++) next();
  const hue = Math.floor(next() * 360);
  return (
    <figure className={styles.sample}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t`A sample ${operation.name.toLowerCase()}`}>
        <rect width={width} height={height} fill={`oklch(0.27 0.06 ${hue})`} />
        {operation.type === 'AUDIO' ? <Wave next={next} hue={hue} /> : <Scene next={next} hue={hue} />}
        {operation.type === 'VIDEO' && <path d="M146 68 L186 90 L146 112 Z" fill="#fff" fillOpacity="0.92" />}
      </svg>
      <figcaption>{t`A sample: this room simulates the work, the credits are real.`}</figcaption>
    </figure>
  );
}

function Wave({ next, hue }: { next: () => number; hue: number }) {
  const bars = Array.from({ length: 44 }, (_, index) => {
    const envelope = Math.sin((Math.PI * (index + 0.5)) / 44);
    return 8 + envelope * (20 + next() * 110);
  });
  return bars.map((tall, index) => (
    <rect
      key={index}
      x={8 + index * 7}
      y={(height - tall) / 2}
      width={4}
      height={tall}
      rx={2}
      fill={`oklch(0.8 0.13 ${hue + index})`}
    />
  ));
}

function Scene({ next, hue }: { next: () => number; hue: number }) {
  const hills = Array.from({ length: 4 }, (_, layer) => {
    const base = 92 + layer * 22;
    const at = (x: number): string => `${x} ${Math.round(base - next() * 42)}`;
    return `M0 ${height} L0 ${base} C ${at(60)}, ${at(90)}, ${at(140)} S ${at(220)}, ${at(320)} L320 ${height} Z`;
  });
  return (
    <>
      <rect width={width} height={height} fill={`oklch(0.62 0.1 ${hue + 40})`} />
      <circle cx={60 + next() * 200} cy={36 + next() * 30} r={16 + next() * 16} fill={`oklch(0.93 0.09 ${hue + 80})`} />
      {hills.map((path, layer) => (
        <path key={layer} d={path} fill={`oklch(${0.56 - layer * 0.1} 0.09 ${hue + 20 - layer * 12})`} />
      ))}
    </>
  );
}
