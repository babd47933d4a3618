// @ts-check
/**
 * The page's half of `npm run soak -- losses`: runs workloads on a WebGL2 context of its own, takes that context away at a chosen
 * command, and judges what came: right values, or a DeviceLostError.
 */
import { makeWorkloads, WrongValue } from './workloads.mjs';

/** Arrays of four times this many bytes are in use at once, so that reads for paging are interrupted too. */
const MEMORY_BUDGET = 2 ** 19;

/** How long a workload may go on after the GPU process was killed, in milliseconds. */
const PATIENCE = 20_000;

/**
 * The outcome of one loss.
 * @typedef {object} Outcome
 * @property {string} workload
 * @property {string | null} fault what broke a promise; null: all is as promised
 * @property {'error' | 'finished'} end a DeviceLostError came, or every value that the workload read was right
 */

/** Numbers from 0 to 1 that a seed repeats: mulberry32. @param {number} seed */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Counts the commands that a context gets, and calls `act` before one of them.
 * @param {WebGL2RenderingContext} gl
 */
function countCommands(gl) {
  const counter = { count: 0, at: Number.POSITIVE_INFINITY, act: () => {} };
  for (const name of Object.keys(Object.getOwnPropertyDescriptors(WebGL2RenderingContext.prototype))) {
    const command = Reflect.get(gl, name);
    if (typeof command !== 'function' || name === 'isContextLost') continue;
    Object.assign(gl, {
      [name]: (/** @type {unknown[]} */ ...args) => {
        if (++counter.count === counter.at) counter.act();
        return command.apply(gl, args);
      },
    });
  }
  return counter;
}

/**
 * The functions that scripts/soak/losses.mjs calls, at `window.losses`.
 * @typedef {Awaited<ReturnType<typeof prepare>>} PagesHalf
 */

/** Prepares the page: the package is served beside it. */
async function prepare() {
  const url = '/rensa/index.js'; // only the server knows this path
  /** @type {import('./workloads.mjs').Rensa} */
  const rensa = await import(url);
  const { DeviceLostError, init, keepHostCopy, np } = rensa;
  const canvas = new OffscreenCanvas(1, 1);
  const gl = /** @type {WebGL2RenderingContext} */ (canvas.getContext('webgl2'));
  const commands = countCommands(gl);
  let losses = 0;
  /** @type {WEBGL_lose_context | null} */
  let taken = null;
  canvas.addEventListener('webglcontextlost', () => {
    losses++;
    const extension = taken;
    taken = null;
    if (extension) setTimeout(() => extension.restoreContext());
  });
  const takeContext = () => {
    taken = gl.getExtension('WEBGL_lose_context');
    taken?.loseContext();
  };

  await init({ device: 'webgl', canvas, memoryBudget: MEMORY_BUDGET });
  const workloads = await makeWorkloads(rensa);
  const names = Object.keys(workloads);

  /** The number of commands that each workload sends without a loss. @type {Map<string, number>} */
  const usual = new Map();
  for (const name of names) {
    const before = commands.count;
    await workloads[name]();
    usual.set(name, commands.count - before);
  }

  /** An array with a copy on the host, and an array that has one only while it is paged out. */
  const makeWitnesses = async () => {
    const [kept, lost] = [np.add(np.full([50], 7), 1), np.full([50], 9)];
    await keepHostCopy(kept);
    return { kept, lost };
  };
  let witnesses = await makeWitnesses();

  /** Runs a workload. Resolves to the broken promise, or to how the workload ended. @param {string} name */
  async function attempt(name) {
    try {
      await workloads[name]();
      return 'finished';
    } catch (error) {
      if (error instanceof WrongValue) return `wrong value: ${error.message}`;
      if (error instanceof DeviceLostError) return 'error';
      return `${error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error)}`;
    }
  }

  /** Checks the arrays after the loss: kept arrays come back, others are right or report their loss. */
  async function faultAfterwards() {
    await init({ device: 'webgl' });
    const { kept, lost } = witnesses;
    try {
      // The array is on the host if it was paged out before the loss.
      const value = lost.dataSync()[0];
      if (value !== 9) return `an array of 9 is read as ${value} after the loss`;
    } catch (error) {
      if (!(error instanceof DeviceLostError)) return `an array without a copy: ${String(error)}`;
    }
    const value = kept.dataSync().find((value) => value !== 8);
    if (value !== undefined) return `a kept array is ${value}, expected 8`;
    witnesses = await makeWitnesses();
    return null;
  }

  /** {@link faultAfterwards}, again when the GPU process is killed meanwhile too. */
  async function faultAtLast() {
    for (let losses = 0; ; losses++) {
      try {
        return await faultAfterwards();
      } catch (error) {
        if (!(error instanceof DeviceLostError) || losses === 5) return `${String(error)} after the loss`;
      }
    }
  }

  /** @param {string} workload @param {string} end @returns {Promise<Outcome>} */
  async function judged(workload, end) {
    const fault = end === 'finished' || end === 'error' ? null : end;
    return { workload, fault: fault ?? (await faultAtLast()), end: end === 'finished' ? 'finished' : 'error' };
  }

  return {
    /** Takes the context away in the middle of a workload. @param {number} seed */
    async loseContext(seed) {
      const random = randomFrom(seed);
      const name = names[Math.floor(random() * names.length)];
      commands.at = commands.count + 1 + Math.floor(random() * (usual.get(name) ?? 1));
      commands.act = takeContext;
      const before = losses;
      const end = await attempt(name);
      commands.at = Number.POSITIVE_INFINITY;
      // The workload gave fewer commands this time.
      if (losses === before && !gl.isContextLost()) takeContext();
      return judged(name, end);
    },

    /**
     * Computes, one random workload after the other, until the GPU process is gone; others kill it meanwhile.
     * @param {number} seed
     * @returns {Promise<Outcome>}
     */
    async computeUntilLoss(seed) {
      const random = randomFrom(seed);
      const before = losses;
      for (const start = performance.now(); ; ) {
        const name = names[Math.floor(random() * names.length)];
        const end = await attempt(name);
        if (end !== 'finished' || losses !== before) return judged(name, end);
        if (performance.now() - start > PATIENCE) return { workload: name, fault: 'no error came', end: 'finished' };
      }
    },
  };
}

Object.assign(window, { losses: prepare() });
