/** The loader of kernels: it chooses the variant that the engine can run, and instantiates its module synchronously. */
import { DeviceError } from '../../errors.js';
import { inWords } from '../../options.js';
import type { Kernels } from './generated/kernels.js';
import { kernelImports } from './imports.js';
import { MODULES } from './modules.js';
import type { Variant } from './variant.js';

export type { Kernels } from './generated/kernels.js';

/** A source of kernels that a program can supply: a module, the response to a request for one, its bytes, or its URL. */
export type KernelSource = WebAssembly.Module | Response | Promise<Response> | BufferSource | URL;

/** The module that the program supplied. It replaces the package's own. */
let supplied: WebAssembly.Module | undefined;

/** The smallest memory that the package's modules accept, in pages of 64 KiB. Their constants lie at its start. */
const INITIAL_PAGES = 16;

/** The most pages of a memory in wasm32: 65536 pages are 4 GiB. */
export const MAXIMUM_PAGES = 65_536;

/** A module with one function: `body`, whose result is a v128, and a drop of that result. */
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

/**
 * The fastest variant that this engine can run, among those that this build of the package contains.
 *
 * @throws DeviceError if the engine can run none of these variants.
 */
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

/** Compiles bytes, or the body of a response, without blocking the thread. */
async function compile(source: KernelSource): Promise<WebAssembly.Module> {
  const given = source instanceof URL ? await fetch(source) : await source;
  if (isBytes(given)) return WebAssembly.compile(given);
  if (!(given instanceof Response)) return given;
  if (!given.ok) throw new DeviceError(`wasm: ${given.url}: the server answered ${given.status} ${given.statusText}`);
  return WebAssembly.compile(await given.arrayBuffer()); // compileStreaming would require a certain content type of the server
}

/**
 * Makes every later {@link instantiate} use this module, which is one of the package's `rensa/kernels/*.wasm`.
 *
 * @throws DeviceError if the module cannot be loaded or compiled.
 */
export async function supplyKernels(source: KernelSource): Promise<void> {
  try {
    const module = await compile(source);
    // The class is compared by name, since a module may come from another realm.
    if (Object(module).constructor?.name !== 'Module') throw new TypeError(`${inWords(module)} is not a module`);
    supplied = module;
  } catch (cause) {
    if (cause instanceof DeviceError) throw cause;
    throw new DeviceError(`wasm: the supplied kernels could not be compiled: ${String(cause)}`, { cause });
  }
}

/** Whether the program supplied the kernels. Then threads are unavailable, since they need another build of the same kernels. */
export const areSupplied = (): boolean => supplied !== undefined;

/** Replaces the kernels that a module lacks, such as a module for inference. Each throws a DeviceError when it is called. */
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
 * Instantiates the module that {@link supplyKernels} was given, or else a variant.
 *
 * @throws DeviceError if the engine refuses, for example because a page's content security policy lacks
 *   `'wasm-unsafe-eval'`.
 */
export function instantiate(variant: Variant): Instance {
  const given = supplied;
  const load = given ? () => given : MODULES[variant];
  if (!load) throw new DeviceError(`wasm: this platform's build has no '${variant}' kernels`);
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
  try {
    const { exports } = new WebAssembly.Instance(load(), kernelImports(memory));
    // The build writes the interface and the bytes from the same sources.
    return { kernels: { __proto__: ABSENT, ...exports } as unknown as Kernels, memory };
  } catch (cause) {
    throw new DeviceError(`wasm: the '${variant}' kernels could not be instantiated: ${String(cause)}`, { cause });
  }
}
