/** Types of callable links, classifiers and compiled models. A comment marks each line that must not compile. */
import { expectTypeOf, test } from 'vitest';
import {
  Chain,
  ChainList,
  type CompiledModel,
  compile,
  F,
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
  // @ts-expect-error a number is not a layer
  () => new Sequential(3);
});

test('compile keeps the types of forward', () => {
  const compiled = () => compile(new L.Linear(4, 2), [image]);
  expectTypeOf<ReturnType<typeof compiled>>().toExtend<CompiledModel<readonly [NDArray], Variable>>();
  // @ts-expect-error examples are arrays
  () => compile(new L.Linear(4, 2), ['image']);
});

/** Links and functions of several arrays, and of several results. */
class Two extends Chain {
  forward(x: VariableLike, y: VariableLike): [sum: Variable, product: Variable] {
    return [F.add(x, y), F.mul(x, y)];
  }
}

test('compiled: one array in and out', () => {
  const compiled = () => compile(new L.Linear(4, 2), [image]);
  expectTypeOf<ReturnType<ReturnType<typeof compiled>>>().toEqualTypeOf<NDArray>();
  expectTypeOf<Parameters<ReturnType<typeof compiled>>>().toEqualTypeOf<[VariableLike]>();
  // @ts-expect-error it takes one array
  () => compiled()(image, image);
  // @ts-expect-error and needs it
  () => compiled()();
});

test('compiled: two arrays in, a tuple out', () => {
  const compiled = () => compile(new Two(), [image, image]);
  expectTypeOf<Parameters<ReturnType<typeof compiled>>>().toEqualTypeOf<[VariableLike, VariableLike]>();
  expectTypeOf<ReturnType<ReturnType<typeof compiled>>>().toExtend<readonly [NDArray, NDArray]>();
  // @ts-expect-error there are two results
  () => compiled()(image, image)[2];
  // @ts-expect-error one input is missing
  () => compiled()(image);
  // @ts-expect-error the examples are two as well
  () => compile(new Two(), [image]);
});

test('compiled: a record out, of a function', () => {
  const compiled = () => compile((x) => ({ twice: F.add(x, x), parts: [F.exp(x)] }), [image]);
  type Results = ReturnType<ReturnType<typeof compiled>>;
  expectTypeOf<Results['twice']>().toEqualTypeOf<NDArray>();
  expectTypeOf<Results['parts'][number]>().toEqualTypeOf<NDArray>();
  // @ts-expect-error no such result
  () => compiled()(image).thrice;
});

test('a list of links has their types', () => {
  const list = new ChainList(new L.Linear(4, 2), new L.Linear(2, 2));
  expectTypeOf(list.at(0)).toEqualTypeOf<L.Linear>();
  expectTypeOf([...list.children()]).toEqualTypeOf<L.Linear[]>();
  expectTypeOf(list.at(0).W.array).toEqualTypeOf<NDArray>();
  // @ts-expect-error the links of this list are linear
  () => list.addLink(new L.Convolution2D(1, 1, 1));
});

test('layers take functions, links, layer objects and lambdas, and chains nest', () => {
  const layers = new Sequential(F.relu, new L.Linear(4, 2), new F.Dropout(0.5), (x) => F.sum(x), new Sequential());
  expectTypeOf(layers(image)).toEqualTypeOf<Variable>();
  // @ts-expect-error it takes one array
  () => layers(image, image);
  // @ts-expect-error so do its layers
  () => new Sequential(new Two());
});

test('rensa/inference: a model of a file takes arrays and gives one', () => {
  expectTypeOf(readOnnx).returns.resolves.toEqualTypeOf<LoadedOnnx>();
  expectTypeOf<ReturnType<LoadedOnnx>>().toEqualTypeOf<NDArray>();
});
