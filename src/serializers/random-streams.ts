/** Random streams in files, so that what is drawn after loading is what would have been drawn. */
import type { Serializer } from '../core/serializer.js';
import { partUnlessMissing } from '../core/stored.js';
import { asarray, random } from '../ndarray/np.js';
import type { RandomStateSnapshot, RandomStream } from '../ndarray/random-stream.js';

/** Reads or writes the state of one generator. Files that have none leave it as it is. */
export function serializeRandomState(serializer: Serializer, state: RandomStream): void {
  partUnlessMissing(() => {
    const stored = exchange(serializer, state.getState());
    if (!serializer.writing) state.setState(stored);
  });
}

/** Reads or writes the state of `np.random`, and of what kernels draw. Files that have none leave it as it is. */
export function serializeRandomStreams(serializer: Serializer): void {
  partUnlessMissing(() => {
    const { kernels, ...host } = random.getState();
    const stored = exchange(serializer, host);
    // -1 is how a file says that no seed is chosen yet.
    const seed = serializer.value('kernel_seed', kernels.seed ?? -1);
    const next = serializer.value('kernel_stream', kernels.next);
    if (!serializer.writing) random.setState({ ...stored, kernels: { seed: seed < 0 ? null : seed, next } });
  });
}

/** A state under the names that numpy.random.get_state has for its parts. */
function exchange(serializer: Serializer, { key, position, gauss }: RandomStateSnapshot): RandomStateSnapshot {
  // int32 has the same bits, and there is no uint32.
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
