/** Saves random streams, so that a program draws the same numbers after loading as it would have drawn without. */
import type { Serializer } from '../core/serializer.js';
import { partUnlessMissing } from '../core/stored.js';
import { asarray, random } from '../ndarray/np.js';
import type { RandomStateSnapshot, RandomStream } from '../ndarray/random-stream.js';

/** Reads or writes the state of one generator. A file without it leaves it unchanged. */
export function serializeRandomState(serializer: Serializer, state: RandomStream): void {
  partUnlessMissing(() => {
    const stored = exchange(serializer, state.getState());
    if (!serializer.writing) state.setState(stored);
  });
}

/** Reads or writes the states of `np.random` and of the streams of kernels. Files without them leave them unchanged. */
export function serializeRandomStreams(serializer: Serializer): void {
  partUnlessMissing(() => {
    const { kernels, ...host } = random.getState();
    const stored = exchange(serializer, host);
    // In a file, -1 means that no seed is chosen yet.
    const seed = serializer.value('kernel_seed', kernels.seed ?? -1);
    const next = serializer.value('kernel_stream', kernels.next);
    if (!serializer.writing) random.setState({ ...stored, kernels: { seed: seed < 0 ? null : seed, next } });
  });
}

/** A state, with the names of numpy.random.get_state for its parts. */
function exchange(serializer: Serializer, { key, position, gauss }: RandomStateSnapshot): RandomStateSnapshot {
  // int32 stores the same bits; devices have no uint32.
  using words = asarray(new Int32Array(key.buffer, key.byteOffset, key.length), { device: 'wasm' });
  serializer.array('keys', words);
  const pos = serializer.value('pos', position);
  const hasGauss = serializer.value('has_gauss', gauss !== null);
  const cached = serializer.value('cached_gaussian', gauss ?? 0);
  return {
    key: Uint32Array.from(words.dataSync(), (word) => word >>> 0),
    position: pos,
    gauss: hasGauss ? cached : null,
  };
}
