/**
 * The `optimizers` group: a link with two parameters whose gradients are put in before each update; the parameters'
 * trajectory, the gradients that hooks leave, the states, and the keys of the saved optimizer.
 */
import { Link, np, optimizers, type Parameter, serializers, Variable } from 'rensa';
import { NpzFile } from '../../src/formats/npz.js';
import { compare, compareJson, Mismatch } from './compare.js';
import { valuesOf } from './function-cases.js';
import type { ArrayEntry, Case, Group } from './group.js';
import { construct } from './library.js';
import { bindConstructor, camelCase } from './signatures.js';

interface Hook {
  readonly hook: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly timing: string;
}

interface OptimizerCase extends Case {
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly hooks: readonly Hook[];
  readonly schedule?: readonly Readonly<Record<string, number>>[];
  readonly inputs: readonly (ArrayEntry & { readonly name: string })[];
  readonly outputs: readonly (ArrayEntry & { readonly name: string })[];
  readonly state: readonly (ArrayEntry & { readonly param: string; readonly state: string })[];
  readonly note?: string;
  readonly serialized: readonly { readonly key: string }[];
}

/** A link whose parameters are arrays of the case. */
class Target extends Link {
  readonly parameters = new Map<string, Parameter>();

  constructor(group: Group, testCase: OptimizerCase) {
    super();
    for (const entry of testCase.inputs) {
      if (entry.name.startsWith('grad_')) continue;
      this.parameters.set(entry.name, this.addParam(entry.name, null, group.array(testCase.name, entry)));
    }
  }
}

/** Settings of single parameters, which the manifest has only in a case's note: `W.update_rule.hyperparam.lr = 0.5`. */
function applyNote(note: string, target: Target): void {
  for (const [, name, path, setting, value] of note.matchAll(/(\w+)\.update_rule\.(hyperparam\.)?(\w+) = ([\w.]+)/g)) {
    const rule = target.parameters.get(name)?.updateRule;
    if (!(rule instanceof optimizers.UpdateRule)) throw new Mismatch(`${name} has no update rule`);
    const parsed: unknown = value === 'True' || value === 'False' ? value === 'True' : Number(value);
    Reflect.set(path ? rule.hyperparam.values : rule, camelCase(setting), parsed);
  }
}

function makeOptimizer({ op, kwargs, hooks, note = '' }: OptimizerCase, target: Target): optimizers.Optimizer {
  const optimizer = construct(`optimizers.${op}`, ...bindConstructor(op, new Map(Object.entries(kwargs))));
  if (!(optimizer instanceof optimizers.Optimizer)) throw new Mismatch(`optimizers.${op} makes no optimizer`);
  optimizer.setup(target);
  applyNote(note, target);
  for (const { hook, kwargs: hookKwargs, timing } of hooks) {
    const given = new Map(Object.entries(timing === 'auto' ? hookKwargs : { ...hookKwargs, timing }));
    optimizer.addHook(construct(`optimizerHooks.${hook}`, ...bindConstructor(hook, given)) as optimizers.OptimizerHook);
  }
  return optimizer;
}

/** Row i of an array of the case. */
function row(group: Group, testCase: OptimizerCase, name: string, i: number) {
  const { shape, dtype, data } = group.host(testCase.name, { name });
  const size = shape.slice(1).reduce((n, m) => n * m, 1);
  return { shape: shape.slice(1), dtype, data: data.slice(i * size, (i + 1) * size) };
}

/** Runs one case. */
export function runOptimizer(group: Group, testCase: Case): void {
  const optimizerCase = testCase as OptimizerCase;
  const { steps, schedule, outputs, state, serialized } = optimizerCase;
  const target = new Target(group, optimizerCase);
  const optimizer = makeOptimizer(optimizerCase, target);
  const tolerance = group.tolerance(testCase);
  const listed = new Set(outputs.map(({ name }) => name));
  for (let i = 0; i < steps; i++) {
    for (const [name, value] of Object.entries(schedule?.[i] ?? {})) Reflect.set(optimizer, camelCase(name), value);
    for (const [name, parameter] of target.parameters) {
      const { shape, dtype, data } = row(group, optimizerCase, `grad_${name}`, i);
      parameter.grad = new Variable(np.reshape(np.array(data, dtype), shape));
    }
    optimizer.update();
    for (const [name, parameter] of target.parameters) {
      const at = (what: string) => row(group, optimizerCase, `${what}`, what.startsWith('traj_') ? i + 1 : i);
      if (listed.has(`traj_${name}`)) {
        compare(`${name} after update ${i}`, valuesOf(parameter), at(`traj_${name}`), tolerance);
      }
      if (listed.has(`grad_${name}_after_hooks`) && parameter.grad) {
        compare(`grad ${name} after update ${i}`, valuesOf(parameter.grad), at(`grad_${name}_after_hooks`), tolerance);
      }
    }
  }
  for (const entry of state) {
    const rule = target.parameters.get(entry.param)?.updateRule;
    const array = rule instanceof optimizers.UpdateRule ? rule.state.get(entry.state) : undefined;
    if (!array) throw new Mismatch(`there is no state '${entry.state}' of ${entry.param}`);
    compare(`state ${entry.state} of ${entry.param}`, valuesOf(array), group.host(testCase.name, entry), tolerance);
  }
  const keys = new NpzFile(serializers.toNpz(optimizer)).keys().sort();
  compareJson('saved keys', keys, serialized.map(({ key }) => key).sort());
}
