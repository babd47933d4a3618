/** What the compiler knows of callable links, classifiers and compiled models. What must not compile is told by its comment. */
import { expectTypeOf, test } from 'vitest';
import {
  Chain,
  type CompiledModel,
  compile,
  L,
  type NDArray,
  np,
  Sequential,
  Variable,
  type VariableLike,
} from '../../src/index.js';
import { type LoadedOnnx, readOnnx } from '../../src/inference.js';

class Scaled extends Chain {
  forward(x: VariableLike, times: number): Variable {
    return new Variable(np.multiply(x instanceof Variable ? x.array : x, times));
  }
}

class Heads extends Chain {
  forward(x: VariableLike) {
    return { x, twice: [x, x] };
  }
}

const image = np.zeros([1, 1, 2, 2]);

test('a link is called as its forward', () => {
  const model = new Scaled();
  expectTypeOf(model).toBeCallableWith(image, 2);
  expectTypeOf(model(image, 2)).toEqualTypeOf<Variable>();
  // @ts-expect-error `times` is missing
  () => model(image);
  // @ts-expect-error `times` is a number
  () => model(image, '2');
  expectTypeOf(new L.Linear(4, 3)(image)).toEqualTypeOf<Variable>();
});

test('the result of forward is inferred', () => {
  expectTypeOf(new Heads()(image).twice).toEqualTypeOf<VariableLike[]>();
  // @ts-expect-error no such head
  () => new Heads()(image).thrice;
});

test('a classifier knows its predictor', () => {
  const model = new L.Classifier(new Sequential(new L.Linear(4, 2)));
  expectTypeOf(model.predictor).toEqualTypeOf<Sequential>();
  // A link that takes options after its input is a predictor too.
  expectTypeOf(new L.Classifier(new L.Linear(4, 2)).predictor).toEqualTypeOf<L.Linear>();
  expectTypeOf(model).returns.toEqualTypeOf<Variable>();
  // @ts-expect-error pictures and labels are arrays
  () => model('image', 3);
});

test('a list of layers takes one array and gives a variable', () => {
  const layers = () => new Sequential(new L.Linear(4, 2));
  expectTypeOf<ReturnType<ReturnType<typeof layers>>>().toEqualTypeOf<Variable>();
  // @ts-expect-error a number is no layer
  () => new Sequential(3);
});

test('compile keeps what forward takes and gives', () => {
  const compiled = () => compile(new L.Linear(4, 2), [image]);
  expectTypeOf<ReturnType<typeof compiled>>().toExtend<CompiledModel<readonly [NDArray], Variable>>();
  // @ts-expect-error examples are arrays
  () => compile(new L.Linear(4, 2), ['image']);
});

test('rensa/inference: a model of a file takes arrays and gives one', () => {
  expectTypeOf(readOnnx).returns.toEqualTypeOf<LoadedOnnx>();
  expectTypeOf<ReturnType<LoadedOnnx>>().toEqualTypeOf<NDArray>();
});
