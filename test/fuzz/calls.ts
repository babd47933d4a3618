/**
 * The fuzzer of calls: every public function of `np`, `np.random` and `F`, methods of arrays and variables, and links,
 * with valid and invalid arguments. Each call gives a result or one of the library's errors, and later calls work as
 * before.
 */
import fc from 'fast-check';
import { F, init, L, Link, NDArray, np, scope, Variable } from '../../src/index.js';
import { isMeant } from '../support/engine-words.js';
import { type Argument, CallersError, callArguments, made } from './call-arguments.js';
import { drawn, Finding, type Outcome } from './target.js';

type Call = (...args: unknown[]) => unknown;

interface CallCase {
  readonly name: string;
  readonly args: readonly Argument[];
  /** The input with which a link that the call made is called. */
  readonly called: readonly Argument[];
}

/** Functions with effects beside their result: on the position in a stream, or on what a later call prints. */
const APART = new Set(['np.memory', 'np.setPrintoptions', 'np.random.drawOnDevice', 'np.random.setState', 'F.forget']);

const functionsOf = (prefix: string, namespace: object): [string, Call][] =>
  Object.entries(namespace)
    .filter((entry): entry is [string, Call] => typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]))
    .map(([name, call]): [string, Call] => [`${prefix}.${name}`, call])
    .filter(([name]) => !APART.has(name));

/** Methods as functions of the object: the first argument, or an array where that is none. */
const methodsOf = (prefix: string, prototype: object, target: (first: unknown) => object): [string, Call][] =>
  Object.getOwnPropertyNames(prototype)
    .filter(
      (name) => name !== 'constructor' && typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function',
    )
    .map((name): [string, Call] => [
      `${prefix}.${name}`,
      (first, ...rest) => {
        const object = target(first);
        return Reflect.apply(Reflect.get(object, name) as Call, object, rest);
      },
    ]);

const arrayFor = (first: unknown): NDArray =>
  first instanceof NDArray ? first : first instanceof Variable ? first.array : np.ones([2, 3]);

type LinkClass = new (...args: unknown[]) => Link;

const linkClasses = Object.entries<unknown>(L).filter((entry): entry is [string, LinkClass] => {
  const [name, value] = entry;
  // Networks trained on ImageNet are large, and made without arguments.
  return typeof value === 'function' && value.prototype instanceof Link && !/Layers|GoogLeNet|Caffe/.test(name);
});

/** Layers of functions: called with options, they give what is called with an array. */
const layers = Object.entries<unknown>(F).filter(
  ([name, value]) => /^[A-Z]/.test(name) && name !== 'FunctionLayer' && typeof value === 'function',
);

/** Everything that is called, by the name that a report shows. */
const CALLS: ReadonlyMap<string, Call> = new Map([
  ...functionsOf('np', np),
  ...functionsOf('np.random', np.random),
  ...functionsOf('F', F),
  ...methodsOf('NDArray', NDArray.prototype, arrayFor),
  ...methodsOf('Variable', Variable.prototype, (first) =>
    first instanceof Variable ? first : new Variable(arrayFor(first)),
  ),
  ...linkClasses.map(([name, Class]): [string, Call] => [`L.${name}`, (...args) => new Class(...args)]),
  ...layers.map(([name, layer]): [string, Call] => [`F.${name}`, layer as Call]),
]);

const anyCall: fc.Arbitrary<CallCase> = fc.record({
  name: fc.constantFrom(...CALLS.keys()),
  args: callArguments,
  called: callArguments,
});

/** Reads a result completely, and goes back through the graph that made it. */
function use(result: unknown): void {
  if (result instanceof NDArray) result.dataSync();
  else if (result instanceof Variable) {
    result.array.dataSync();
    if (result.array.dtype !== 'float32' || !result.creator) return;
    F.sum(result).backward();
  } else if (Array.isArray(result)) for (const item of result.slice(0, 20)) use(item);
}

/** Errors of the caller's own code, and the engine's errors about a revoked proxy. */
const isCallers = (error: unknown): boolean =>
  error instanceof CallersError || (error instanceof TypeError && /proxy that has been revoked/.test(error.message));

/** @returns whether it was computed. @throws what a call must not throw. */
function refusedInWords(call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (isCallers(error) || isMeant(error)) return false;
    throw error;
  }
}

/** Checks that calls after a case give their usual results. */
function checkLaterCalls(): void {
  const values = scope(null, () => {
    const x = new Variable(np.array([1, -2, 3], 'float32'));
    const y = F.sum(F.relu(x));
    y.backward();
    return [y.array.item(), ...(x.grad?.dataSync() ?? [])];
  });
  if (values.join() !== '4,1,0,1')
    throw new Finding('later call', `F.sum(F.relu([1, -2, 3])) and its gradient are ${values}`);
}

function run({ name, args, called }: CallCase): Outcome {
  const call = CALLS.get(name);
  if (!call) throw new Error(`there is no ${name}`);
  const accepted = refusedInWords(() =>
    scope(null, () => {
      const result = call(...args.map(made));
      // An asynchronous call rejects on its own.
      if (result instanceof Promise) result.catch(() => {});
      else if (result instanceof Link || (typeof result === 'function' && name.startsWith('F.')))
        use((result as Call)(...called.map(made)));
      else use(result);
    }),
  );
  checkLaterCalls();
  return { accepted, bytes: 0 };
}

/** Bytes of arrays that a call may ask for, so that what is honest and large is refused like what is hostile. */
const MOST_BYTES = 64 * 2 ** 20;

export const calls = drawn(anyCall, {
  run,
  prepare: () => init({ maxMemory: MOST_BYTES }),
  finish: () => init({ maxMemory: 2 ** 32 }),
  topic: ({ name }) => name,
  describe: ({ name, args, called }) =>
    `${name}(${args.map((value) => fc.stringify(value)).join(', ')})${/^[LF]\.[A-Z]/.test(name) ? ` called with (${called.map((value) => fc.stringify(value)).join(', ')})` : ''}`,
});
