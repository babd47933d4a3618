/**
 * Names the process that owns a file, as a word in the file's name, and tells whether that process still runs. This
 * separates the files of a killed process from those of a live one.
 */
import { md5 } from '../formats/md5.js';
import { builtin } from '../platform/builtin.js';
import { isGranted } from '../platform/permissions.js';

/** Whether this program may ask the system about hosts and processes: always, except in Deno without those permissions. */
const mayAskSystem = (): boolean => isGranted({ name: 'sys', kind: 'hostname' }) && isGranted({ name: 'run' });

/** Linux' entry for a process; null if there is none. */
function procStat(pid: number): { state: string; start: string } | null {
  try {
    const text = builtin('node:fs').readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, which may contain spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: Number(fields[19]).toString(36) };
  } catch {
    return null;
  }
}

/** Start time on systems other than Linux, where it is unknown. */
const UNKNOWN_START = '0';

const randomWord = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');

/**
 * The host: eight hexadecimal digits of its name and of the namespace of its process numbers, because containers on one
 * machine may share a folder. If the system may not be asked, a random word, which no other process has.
 */
function hostWord(): string {
  if (!mayAskSystem()) return randomWord();
  let namespace = '';
  try {
    namespace = builtin('node:fs').readlinkSync('/proc/self/ns/pid');
  } catch {} // only Linux has namespaces
  return md5(new TextEncoder().encode(`${builtin('node:os').hostname()} ${namespace}`)).slice(0, 8);
}

let own: string | null = null;

/** This process: `host-pid-start`, of letters, digits and hyphens. */
export function processWord(): string {
  own ??= [hostWord(), process.pid, procStat(process.pid)?.start ?? UNKNOWN_START].join('-');
  return own;
}

/**
 * Whether the process of a {@link processWord} runs. `unknown`: it belongs to another host, or this process may not
 * ask. A process number that another process has got since then counts as dead, on Linux.
 */
export function fateOf(word: string): 'alive' | 'dead' | 'unknown' {
  if (word === processWord()) return 'alive';
  const [host, pid, start] = word.split('-');
  if (host !== processWord().split('-')[0] || !/^\d+$/.test(pid ?? '') || !mayAskSystem()) return 'unknown';
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return 'dead';
    if (code !== 'EPERM') return 'unknown'; // EPERM: it runs, as another user
  }
  const now = procStat(Number(pid));
  if (now === null) return 'alive';
  const isGone = now.state === 'Z' || now.state === 'X'; // ended, but its parent has not asked yet
  return isGone || (start !== UNKNOWN_START && start !== now.start) ? 'dead' : 'alive';
}

/** A word that no other file of this process has. */
export function uniqueWord(): string {
  return `${processWord()}-${randomWord()}`;
}
