/**
 * Runs all cases of a directory of reference data and counts. Files come through a reader, and callers print the
 * results, so it runs in Node and in pages.
 */
import { type DeviceName, getDevice, init } from 'rensa';
import { runAutograd } from './autograd.js';
import { runCaffe } from './caffe.js';
import { runDoubleBackward } from './double-backward.js';
import { runErrorCase } from './errors.js';
import { runFunctionCase } from './function-cases.js';
import { type Case, Group, type ReadFile } from './group.js';
import { runInitializer } from './initializers.js';
import { runModels } from './models.js';
import { runNpzIo } from './npz-io.js';
import { runNumpyRandom } from './numpy-random.js';
import { runOptimizer } from './optimizers.js';
import { runTraining } from './training.js';

/** Runs one case; throws when it fails. */
type Runner = (group: Group, testCase: Case) => void | Promise<void>;

/** The runner of each kind of group; all of `functions_*` are of one kind. */
const RUNNERS: Readonly<Record<string, Runner>> = {
  autograd: runAutograd,
  caffe: runCaffe,
  double_backward: runDoubleBackward,
  errors: runErrorCase,
  functions: runFunctionCase,
  initializers: runInitializer,
  models: runModels,
  npz_io: runNpzIo,
  numpy_random: runNumpyRandom,
  optimizers: runOptimizer,
  training: runTraining,
};

/** The groups whose arrays live on the host only, so that devices need not hold their dtypes. */
const ON_HOST = new Set(['npz_io', 'numpy_random']);

interface CaseResult {
  readonly name: string;
  /** `skipped`: the case needs a dtype that the device cannot hold. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it did not pass. */
  readonly reason?: string;
}

export interface GroupResult {
  readonly group: string;
  readonly passed: number;
  /** Those that passed or failed. */
  readonly total: number;
  readonly skipped: number;
  readonly cases: readonly CaseResult[];
}

function kindOf(group: string): string {
  return group.startsWith('functions_') ? 'functions' : group;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The first dtype that a case mentions and the device lacks. */
function missingDType(testCase: Case, device: DeviceName): string | undefined {
  const held: readonly string[] = getDevice(device).dtypes;
  return held.includes('float64') || !JSON.stringify(testCase).includes('"float64"') ? undefined : 'float64';
}

async function runCase(group: Group, testCase: Case, device: DeviceName): Promise<CaseResult> {
  const { name } = testCase;
  const runner = RUNNERS[kindOf(group.kind)];
  if (!runner) return { name, status: 'failed', reason: `no runner for groups of the kind '${group.kind}'` };
  const missing = ON_HOST.has(group.kind) ? undefined : missingDType(testCase, device);
  if (missing) return { name, status: 'skipped', reason: `${device} does not hold ${missing}` };
  try {
    await runner(group, testCase);
    return { name, status: 'passed' };
  } catch (error) {
    return { name, status: 'failed', reason: messageOf(error) };
  }
}

/** Whether an entry of a manifest, which may be anything, can be run at all. */
function isCase(value: unknown): value is Case {
  const { name, op } = Object(value) as Partial<Record<string, unknown>>;
  return typeof name === 'string' && typeof op === 'string';
}

async function casesOf(directory: string, read: ReadFile, device: DeviceName): Promise<CaseResult[]> {
  let group: Group;
  try {
    group = await Group.open(directory, read);
  } catch (error) {
    return [{ name: 'manifest.json', status: 'failed', reason: messageOf(error) }];
  }
  const results: CaseResult[] = [];
  for (const [i, testCase] of group.manifest.cases.entries()) {
    if (isCase(testCase)) results.push(await runCase(group, testCase, device));
    else results.push({ name: `case ${i}`, status: 'failed', reason: 'it has no name or no op' });
  }
  return results;
}

/** Runs a group on a device; a group that cannot be read is one failed case. @throws DeviceError without the device. */
export async function runGroup(directory: string, read: ReadFile, device: DeviceName): Promise<GroupResult> {
  await init({ device });
  const cases = await casesOf(directory, read, device);
  const count = (status: CaseResult['status']) => cases.filter((result) => result.status === status).length;
  const skipped = count('skipped');
  return { group: directory, passed: count('passed'), total: cases.length - skipped, skipped, cases };
}
