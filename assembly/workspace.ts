/**
 * The layout of a workspace: the memory that one call of a kernel works in. A kernel divides its workspace into sections,
 * one behind the other, before it does anything else:
 *
 *     args.workspace                                                 + bytes
 *     │ Work │ slack │ packed A │ slack │ packed B │ slack │ … │ slack │
 *
 * Each kernel gives the bytes that its layout takes. Called with a workspace of 0, it gives them and computes nothing: the
 * workspace query of LAPACK. So the host asks for the size before it allocates, and knows no formula.
 */

/** Bytes behind each section that kernels may read and write: they do so by whole vectors. */
export const SLACK: u64 = 128;

/**
 * Where the section behind one of `count` items of `bytes` bytes each begins: at a cache line. Beyond the end of memory the
 * address stays at its maximum, which no host can allocate.
 */
export function behind(at: usize, count: i32, bytes: usize): usize {
  const next = <u64>at + ((<u64>(<u32>count) * bytes + (SLACK + 63)) & ~63);
  return next > <u64>usize.MAX_VALUE ? usize.MAX_VALUE : <usize>next;
}
