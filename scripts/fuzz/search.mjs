// @ts-check
/** Looks for findings among the cases of one target, confirms each in a fresh process, and shrinks it. */
import fc from 'fast-check';
import { Child } from './child-process.mjs';

/** @typedef {import('../../test/fuzz/target.js').Target} Target */
/** @typedef {import('./child-process.mjs').Found} Found */
/** @typedef {{ name: string, target: Target, seed: number, seedOf: (seed: number, n: number) => number }} Subject */
/** @typedef {Found & { path: string, first: number, text: string }} Finding */

/** The default time for shrinking a finding. */
const SHRINK_MS = 6000;
/** The longest time of one order. Then a fresh child takes over. */
const LONGEST_MS = 60_000;

/** Faults that are told apart by their message alone, whatever the topic of the case. */
const HAS_PLACE = new Set(['untyped error', 'checked mode']);

/**
 * The key of a finding: two findings with one key are the same. It leaves out numbers and quoted names. It includes
 * the topic of the case, except for untyped errors and errors of checked mode.
 * @param {Found} found
 */
const signatureOf = ({ fault, message }, topic = '') =>
  `${HAS_PLACE.has(fault) ? '' : topic} ${fault} ${message
    .split('\n')
    .slice(0, fault === 'checked mode' ? 1 : 2)
    .join(' ')
    .replace(/'[^']*'/g, "''")
    .replace(/-?\d[\d.e+]*/g, '#')
    .replace(/[([](#[#, ]*)?[)\]]/g, '(#)')
    .slice(0, 300)}`;

/**
 * Runs an order in a process of its own.
 * @param {Omit<import('../../test/fuzz/child.js').Order, 'until'>} order
 */
async function alone(order) {
  const child = new Child();
  try {
    return await child.obey({ ...order, until: Number.POSITIVE_INFINITY });
  } finally {
    await child.end();
  }
}

/**
 * The path to the smallest case that shrinking finds with the same fault. Each smaller case runs in the process of the one before, or in
 * a fresh one after a fault.
 * @param {Subject} subject
 * @param {Found} found
 * @param {number} shrinkMs
 */
async function shrink({ name, target, seed, seedOf }, { n, fault, message }, shrinkMs) {
  if (!target.cases || shrinkMs === 0) return '';
  const signature = signatureOf({ n, fault, message });
  /** @type {Child | null} */
  let child = null;
  const deadline = Date.now() + shrinkMs;
  const property = fc.asyncProperty(target.cases, async (value) => {
    if (Date.now() > deadline) return; // so fast-check keeps the smallest so far
    child ??= new Child();
    const order = { target: name, seed, from: n, to: n + 1, value, until: Number.POSITIVE_INFINITY };
    const { found } = await child.obey(order);
    if (found.length === 0) return;
    await child.end();
    child = null;
    if (found.some((other) => signatureOf(other) === signature)) throw new Error(fault);
  });
  const { counterexamplePath } = await fc.check(property, { seed: seedOf(seed, n), numRuns: 1 });
  await /** @type {Child | null} */ (child)?.end();
  return counterexamplePath ?? '';
}

/**
 * Whether a fault repeats in a fresh process: from this case alone, or from all cases since the process began.
 * @param {Subject} subject
 * @param {Found} found
 * @param {number} first the process's first case
 * @param {number} shrinkMs
 * @returns {Promise<Finding | null>}
 */
async function confirm(subject, found, first, shrinkMs) {
  const { name, target, seed } = subject;
  const { n, fault } = found;
  const again = await alone({ target: name, seed, from: n, to: n + 1 });
  const same = again.found.find((other) => other.fault === fault);
  if (same) {
    const path = await shrink(subject, same, shrinkMs);
    return { ...same, path, first: n, text: target.describe(target.make(seed, n, path)) };
  }
  // A machine that is busy makes processes slow, and a collector that waits makes them large.
  if (fault === 'hang' || fault === 'memory') return null;
  return { ...found, path: '', first, text: target.describe(target.make(seed, n)) };
}

/**
 * Runs cases until the last one, or until the time is over.
 * @param {Subject} subject
 * @param {{ from: number, to: number, until: number, path?: string, shrinkMs?: number }} range
 * @param {(finding: Finding) => void} report told of each kind of finding once
 */
export async function search(subject, { from, to, until, path, shrinkMs = SHRINK_MS }, report) {
  const { name, seed, target } = subject;
  const topicOf = (/** @type {number} */ n, path = '') => target.topic(target.make(seed, n, path));
  const known = new Set();
  const start = performance.now();
  const total = { cases: 0, accepted: 0, slowest: 0, findings: 0, unconfirmed: 0, seconds: 0 };
  let next = from;
  while (next < to && Date.now() < until) {
    const child = new Child();
    const result = await child.obey({
      target: name,
      seed,
      from: next,
      to,
      path,
      until: Math.min(until, Date.now() + LONGEST_MS),
    });
    await child.end();
    total.accepted += result.accepted;
    total.slowest = Math.max(total.slowest, result.slowest);
    for (const found of result.found) {
      const signature = signatureOf(found, topicOf(found.n, path));
      if (known.has(signature)) continue;
      known.add(signature);
      const finding = path
        ? { ...found, path, first: found.n, text: '' }
        : await confirm(subject, found, next, shrinkMs);
      if (!finding) {
        total.unconfirmed++;
        continue;
      }
      const smaller = signatureOf(finding, topicOf(finding.n, finding.path));
      if (smaller !== signature && known.has(smaller)) continue;
      known.add(smaller);
      total.findings++;
      report(finding);
    }
    next = Math.max(next + 1, result.next);
  }
  total.cases = next - from;
  total.seconds = (performance.now() - start) / 1000;
  return total;
}
