import type { LevelName } from '../ledger/core/state.js';

const NAMES: readonly LevelName[] = ['LOW', 'CRITICAL', 'EMPTY'];
const PERCENTS = [20, 5, 0] as const;

/** The low-balance rules that an account is created with, for one type of credits, as docs/domain.md says them, without any shortcut. */
export class ModelLevels {
  base: number;
  /** Of LOW, CRITICAL and EMPTY: the threshold at which it has fired; null: armed. */
  firedAt: readonly (number | null)[] = [null, null, null];

  constructor(base: number) {
    this.base = base;
  }

  clone(): ModelLevels {
    const copy = new ModelLevels(this.base);
    copy.firedAt = this.firedAt;
    return copy;
  }

  /** At or below which a rule fires; a percent of nothing never does. */
  private threshold(rule: number): number {
    if (NAMES[rule] === 'EMPTY') return 0;
    return this.base === 0 ? -1 : Math.floor((this.base * (PERCENTS[rule] as number)) / 100);
  }

  /**
   * One movement, a reset too: judged once, at its end.
   *
   * @returns the event, as `BALANCE_LOW LOW 20`
   */
  move(before: number, after: { available: number; held: number }, cheapest: number, isStart: boolean): string | null {
    const total = after.available + after.held;
    this.base = isStart || total > this.base ? total : this.base;
    const margin = Math.max(cheapest, Math.floor(this.base / 20));
    let fell: string | null = null;
    let armed: string | null = null;
    this.firedAt = this.firedAt.map((at, rule) => {
      const threshold = this.threshold(rule);
      if (at === null) {
        if (threshold < 0 || before <= threshold || after.available > threshold) return null;
        // The rules stand in order: the last that fell is the most severe.
        fell = `BALANCE_LOW ${NAMES[rule]} ${threshold}`;
        return threshold;
      }
      const least = Math.max(threshold, 0);
      const isClear = isStart ? after.available > least : after.available > before && after.available >= least + margin;
      if (!isClear) return at;
      armed ??= `BALANCE_RECOVERED ${NAMES[rule]} ${at}`;
      return null;
    });
    return fell ?? armed;
  }

  level(available: number): 'OK' | LevelName {
    if (available === 0) return 'EMPTY';
    if (this.firedAt[1] !== null) return 'CRITICAL';
    return this.firedAt[0] === null ? 'OK' : 'LOW';
  }
}
