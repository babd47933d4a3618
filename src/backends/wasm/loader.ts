/** From modules to running kernels, synchronously. Knows which variants exist, and nothing of what kernels do. */
import { DeviceError } from '../../errors.js';
import { inWords } from '../../options.js';
import type { Kernels } from './generated/kernels.js';
import { kernelImports } from './imports.js';
import { loadThreads, MODULES } from './modules.js';

export type { Kernels } from './generated/kernels.js';
export { loadThreads };

/** A build of the kernels: plain SIMD, or with relaxed SIMD's fused multiply-add. */
export type Variant = 'simd' | 'relaxed';

/** The variants that a platform has at hand, and how each becomes a module. */
export type VariantModules = Readonly<Partial<Record<Variant, () => WebAssembly.Module>>>;

/** How a platform loads what starts threads; null where there can be none. */
export type ThreadsLoader = (() => Promise<typeof import('./threads/index.js')>) | null;

/** Where kernels can come from: a module, the answer to a request for one, its bytes, or where it lies. */
export type KernelSource = WebAssembly.Module | Response | Promise<Response> | BufferSource | URL;

/** The module of whoever started the program, which is taken before ours. */
let supplied: WebAssembly.Module | undefined;

/** The smallest memory that a module of ours accepts, in pages of 64 KiB; its constants lie at the start. */
const INITIAL_PAGES = 16;

/** wasm32's limit: 65536 pages are 4 GiB. */
export const MAXIMUM_PAGES = 65_536;

/** A module whose one function is made of `body`, which leaves a v128 on the stack, and drops that. */
const probe = (...body: number[]) => {
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const typeWithoutParameters = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
  const functionOfThatType = [0x03, 0x02, 0x01, 0x00];
  const dropAndEnd = [0x1a, 0x0b];
  const code = [0x0a, body.length + 5, 0x01, body.length + 3, 0x00, ...body, ...dropAndEnd];
  return Uint8Array.of(...magicAndVersion, ...typeWithoutParameters, ...functionOfThatType, ...code);
};

/** `i32.const 0; i8x16.splat` */
const V128_ZERO = [0x41, 0x00, 0xfd, 0x0f];
/** `f32x4.relaxed_madd` */
const RELAXED_MADD = [0xfd, 0x85, 0x02];

/** The best variant that runs here, of those at hand. */
export function bestVariant(): Variant {
  if (!WebAssembly.validate(probe(...V128_ZERO))) {
    throw new DeviceError('wasm: this JavaScript engine lacks WebAssembly SIMD, which every engine since 2023 has');
  }
  const fused = WebAssembly.validate(probe(...V128_ZERO, ...V128_ZERO, ...V128_ZERO, ...RELAXED_MADD));
  const variant = fused && MODULES.relaxed ? 'relaxed' : 'simd';
  if (!MODULES[variant] && !supplied) {
    throw new DeviceError(
      "wasm: this JavaScript engine lacks relaxed SIMD, and the package's build for this platform carries no other " +
        "kernels: await init({ wasm }) with the module 'rensa/kernels/simd.wasm'",
    );
  }
  return variant;
}

const isBytes = (source: KernelSource): source is BufferSource =>
  source instanceof ArrayBuffer || ArrayBuffer.isView(source);

/** Bytes or a response to a module, without blocking the thread. */
async function compile(source: KernelSource): Promise<WebAssembly.Module> {
  const given = source instanceof URL ? await fetch(source) : await source;
  if (isBytes(given)) return WebAssembly.compile(given);
  if (!(given instanceof Response)) return given;
  if (!given.ok) throw new DeviceError(`wasm: ${given.url}: the server answered ${given.status} ${given.statusText}`);
  return WebAssembly.compile(await given.arrayBuffer()); // streaming would insist on the server's content type
}

/**
 * Makes every later instance one of this module, which is one of the package's `rensa/kernels/*.wasm`.
 *
 * @throws DeviceError if it cannot be had, or is no WebAssembly.
 */
export async function supplyKernels(source: KernelSource): Promise<void> {
  try {
    const module = await compile(source);
    // By its class's name, since it may come from another realm.
    if (Object(module).constructor?.name !== 'Module') throw new TypeError(`${inWords(module)} is no module`);
    supplied = module;
  } catch (cause) {
    if (cause instanceof DeviceError) throw cause;
    throw new DeviceError(`wasm: the supplied kernels could not be compiled: ${String(cause)}`, { cause });
  }
}

/** Whether the kernels are somebody else's: then nothing is known of other builds of them. */
export const areSupplied = (): boolean => supplied !== undefined;

/** What a module has not, such as one for inference: kernels that say so when they are called. */
const ABSENT: object = new Proxy(
  {},
  {
    get: (_, name) => () => {
      throw new DeviceError(`wasm: ${String(name)} is not among these kernels; those of 'rensa' are all`);
    },
  },
);

/** Kernels and the memory that they work on. */
export interface Instance {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

/**
 * Instantiates what {@link supplyKernels} was given, or a variant.
 *
 * @throws DeviceError if the engine refuses, for instance because a page's content security policy lacks
 *   `'wasm-unsafe-eval'`.
 */
export function instantiate(variant: Variant): Instance {
  const given = supplied;
  const load = given ? () => given : MODULES[variant];
  if (!load) throw new DeviceError(`wasm: this platform's build has no '${variant}' kernels`);
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  try {
    const { exports } = new WebAssembly.Instance(load(), kernelImports(memory));
    // The interface was generated from the same compilation as the bytes.
    return { kernels: { __proto__: ABSENT, ...exports } as unknown as Kernels, memory };
  } catch (cause) {
    throw new DeviceError(`wasm: the '${variant}' kernels could not be instantiated: ${String(cause)}`, { cause });
  }
}
