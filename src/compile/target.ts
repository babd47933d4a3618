/** The target of `compile`, a link or a function, and its recording. */
import { otherCopy } from '../copies.js';
import { noBackpropMode, usingConfig } from '../core/config.js';
import { LayerNames } from '../core/layer-names.js';
import { Link } from '../core/link.js';
import { usingLinkHook } from '../core/link-hook.js';
import { Variable, type VariableLike } from '../core/variable.js';
import { GraphError } from '../errors.js';
import { type Recording, trace } from '../graph/trace.js';
import { scope } from '../ndarray/lifetime.js';
import { copy } from '../ndarray/manipulation.js';
import { inWords } from '../options.js';
import { arrayOf, Outline, type Outlined } from './outline.js';

/** Arguments like given examples. */
export type InputsLike<A extends readonly unknown[]> = { -readonly [K in keyof A]: VariableLike };

/** A link, or a function of arrays that gives an array, or a list or record of arrays. */
export type Compilable<A extends readonly VariableLike[], R> = (...inputs: InputsLike<A>) => R;

/** @throws TypeError for a target that cannot be called: an object that is not a link, or a class instead of an instance. */
export function checkTarget(target: unknown): void {
  if (typeof target !== 'function' || otherCopy(target))
    throw new TypeError(`compile: the target is ${inWords(target)}, expected a link or a function`);
  if (/^class\b/.test(Function.prototype.toString.call(target)))
    throw new TypeError(`compile: the target is the class ${target.name}, expected a link: new ${target.name}(…)`);
}

/**
 * Runs a target once in test mode, and makes something of the recording.
 *
 * @param make called while the arrays of the run are alive; owns the memory that the recording abandoned
 * @throws GraphError if the inputs are on different devices, and as {@link trace} and {@link Outline.of}.
 */
export function recordTarget<A extends readonly VariableLike[], R, T>(
  target: Compilable<A, R>,
  inputs: InputsLike<A>,
  make: (recording: Recording<Outlined<R>>) => T,
): T {
  const arrays = inputs.map(arrayOf);
  const [{ device }] = arrays;
  for (const [i, x] of arrays.entries()) {
    if (x.device !== device)
      throw new GraphError(`compile: input ${i} is on '${x.device.name}', input 0 on '${device.name}'`);
  }
  const layers = new LayerNames(target);
  const what = `the result of ${target instanceof Link ? `${target.constructor.name}.forward` : 'the function'}`;
  return scope(layers.roots, () => {
    // One array may be two inputs, or an input and a constant of the function. A copy is one input and nothing else.
    const copies = arrays.map(copy);
    const given = inputs.map((x, i) => (x instanceof Variable ? new Variable(copies[i]) : copies[i])) as InputsLike<A>;
    const run = () =>
      usingLinkHook(layers, () =>
        usingConfig('train', false, () =>
          noBackpropMode(() => Outline.of<R>(target(...given), what, ': is a return missing?')),
        ),
      );
    return make(trace(copies, device, () => scope(layers.roots, run), { layers }));
  });
}
