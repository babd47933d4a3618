/**
 * From a file to the first answer: each library reads VGG16 as ONNX and answers once, in a process of its own. Also
 * the most memory that the process held. The file lies in the system's cache.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '#rensa';
import { nodeOptions, ownBuild } from '../builds.mjs';
import { modelSetup } from '../models.mjs';
import { NAMES } from '../peers/index.mjs';

const PROGRAM = fileURLToPath(new URL('../start.mjs', import.meta.url));
const LIBRARIES = {
  rensa: 'rensa',
  onnxruntimeWeb: NAMES.onnxruntimeWeb,
  tfjsWasm: NAMES.tfjsWasm,
  onnxruntimeNode: NAMES.onnxruntimeNode,
};
const TRIES = 2;

function startOnce(library, file) {
  const args = [...nodeOptions(ownBuild()), PROGRAM, library, file];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Writes the model into a folder. */
function writeModel(folder) {
  const file = join(folder, 'vgg16.onnx');
  const { classify, x } = modelSetup('vgg16', 1);
  const predict = compile(classify, [x]);
  writeFileSync(file, predict.toOnnx());
  predict.free();
  return file;
}

/** The start of a build. */
export async function* starts() {
  const folder = mkdtempSync(join(tmpdir(), 'rensa-bench-'));
  try {
    const file = writeModel(folder);
    const prepare = () => ({ took: async () => startOnce('rensa', file).milliseconds });
    yield { title: 'VGG16, from an ONNX file to the first answer', contestants: [{ name: 'rensa', prepare }] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The measurements run in other processes, so that this process's memory is not counted. */
export async function* measured() {
  const folder = mkdtempSync(join(tmpdir(), 'rensa-bench-'));
  try {
    const file = writeModel(folder);
    const weightBytes = 138_357_544 * 4;
    const timings = [];
    const notes = [];
    for (const [library, name] of Object.entries(LIBRARIES)) {
      try {
        const runs = Array.from({ length: TRIES }, () => startOnce(library, file));
        const times = runs.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
        const bytes = Math.min(...runs.map(({ peakBytes }) => peakBytes));
        timings.push({ name, samples: TRIES, min: times[0], median: times[TRIES >> 1], peakBytes: bytes });
        notes.push(
          `${name}: at most ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / weightBytes).toFixed(2)} × the weights`,
        );
      } catch (error) {
        timings.push({ name, missing: `${error.stderr || error.message}`.trim().split('\n')[0] });
      }
    }
    yield { title: 'VGG16, from an ONNX file to the first answer', timings, notes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
