import { readFileSync } from 'node:fs';

/**
 * A text that names one run of one process, or null when no such process lives.
 *
 * On Linux the start time is part of it, so that a process id that was given out again is not taken for the process
 * that had it before, and a zombie counts as dead. Elsewhere only the id is looked at.
 *
 * @param pid  process id, > 0
 */
export function processIdentity(pid: number): string | null {
  if (process.platform === 'linux') {
    let stat: string;
    try {
      stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    } catch {
      return null;
    }
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${pid}@${fields[19] ?? ''}`;
  }
  try {
    process.kill(pid, 0);
    return String(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? String(pid) : null;
  }
}
