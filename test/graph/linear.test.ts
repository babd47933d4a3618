/** The passes over a graph take linear time: twice the nodes take twice the visits. The tests count visits. */
import { describe, expect, test } from 'vitest';
import type { Arguments } from '../../src/backends/arguments.js';
import type { Primitive } from '../../src/backends/primitives.js';
import { planArena } from '../../src/graph/arena.js';
import { type Graph, type GraphBuffer, type GraphNode, nodeOf, type Ref } from '../../src/graph/graph.js';
import { leastBytes, lifetimesOf } from '../../src/graph/lifetimes.js';
import { readOnnx } from '../../src/graph/onnx/load.js';
import { Constants } from '../../src/graph/passes/constants.js';
import { optimized } from '../../src/graph/passes/index.js';
import { compile, F, getDevice, np, Variable, type VariableLike } from '../../src/index.js';
import { modelOf, node, value } from '../support/onnx-model.js';

/** A graph in the making whose nodes and buffers count how often somebody looks at them. */
class CountedGraph {
  visits = 0;
  readonly nodes: GraphNode[] = [];
  #buffers = 0;

  ref(kind: GraphBuffer['kind'] = 'computed', size = 4): Ref {
    const count = () => this.visits++;
    const buffer = {
      id: this.#buffers++,
      dtype: 'float32' as const,
      kind,
      constant: kind === 'constant' ? np.ones([size]).storage.memory : null,
      get size() {
        count();
        return size;
      },
    };
    return { buffer, shape: [size] };
  }

  node<P extends Primitive>(op: P, args: Arguments<P, Ref>): void {
    const get = () => {
      this.visits++;
      return args;
    };
    this.nodes.push(Object.defineProperty(nodeOf(op, args), 'args', { get }));
  }

  relu(x: Ref): Ref {
    const out = this.ref();
    this.node('unary', ['relu', x, out]);
    return out;
  }

  add(x: Ref, y: Ref | number): Ref {
    const out = this.ref();
    this.node('binary', ['add', x, y, out]);
    return out;
  }
}

/** Graphs of about n nodes. Each gives what comes out. */
const SHAPES: Record<string, (g: CountedGraph, x: Ref, n: number) => Ref[]> = {
  'a chain': (g, x, n) => {
    let y = x;
    for (let i = 0; i < n; i++) y = g.relu(y);
    return [y];
  },
  'a value that all nodes read': (g, x, n) => {
    let y = g.relu(x);
    for (let i = 1; i < n; i++) y = g.add(y, x);
    return [y];
  },
  'scales by constants': (g, x, n) => {
    const w = g.ref('constant', 1);
    let y = x;
    for (let i = 0; i < n; i++) y = g.add(y, w);
    return [y];
  },
  'sums with 0': (g, x, n) => {
    let y = x;
    for (let i = 0; i < n; i++) y = g.add(y, 0);
    return [y];
  },
  'branches side by side': (g, x, n) => {
    const branches = Array.from({ length: n / 2 }, () => g.relu(x));
    return [branches.reduce((a, b) => g.add(a, b))];
  },
  'many results': (g, x, n) => Array.from({ length: n }, () => g.relu(x)),
  'constants of constants': (g, x, n) => {
    let w = g.ref('constant');
    for (let i = 1; i < n; i++) w = g.relu(w);
    return [g.add(x, w)];
  },
  'one buffer that all nodes change': (g, x, n) => {
    const out = g.ref('computed', 4 * n);
    const view = { offset: 0, strides: [1] };
    for (let i = 0; i < n; i++) g.node('copy', [x, view, out, { offset: 4 * i, strides: [1] }, [4]]);
    return [out];
  },
  'products with weights of their own': (g, x, n) => {
    let y: Ref = { ...x, shape: [1, 1, 4] };
    const w: Ref = { ...g.ref('constant', 16), shape: [1, 4, 4] };
    for (let i = 0; i < n / 2; i++) {
      const out: Ref = { ...g.ref(), shape: [1, 1, 4] };
      g.node('matmul', [y, w, out, {}]);
      y = g.relu(out);
      y = { ...y, shape: [1, 1, 4] };
    }
    return [y];
  },
};

function visitsOf(name: string, n: number): number {
  const g = new CountedGraph();
  const x = g.ref('input');
  const outputs = SHAPES[name](g, x, n);
  const constants = new Constants(getDevice());
  const graph: Graph = optimized({ inputs: [x], outputs, nodes: g.nodes, draws: 0 }, constants);
  const lifetimes = lifetimesOf(graph).map(({ buffer, first, last }) => ({
    buffer,
    get first() {
      g.visits++;
      return first;
    },
    get last() {
      g.visits++;
      return last;
    },
  }));
  planArena(lifetimes);
  leastBytes(lifetimes);
  constants.release(new Set());
  return g.visits;
}

describe('twice the nodes are twice the visits', () => {
  // More buffers than are placed by a search, at either size.
  test.each(Object.keys(SHAPES))('%s', (name) => {
    const [once, twice] = [visitsOf(name, 6000), visitsOf(name, 12_000)];
    expect(once).toBeGreaterThan(6000);
    expect(twice / once).toBeLessThan(2.3);
  });
});

describe('deep and wide graphs', () => {
  const x = np.array([1, -2]);

  test('compile without a stack for each node', () => {
    const deep = (x: VariableLike) => {
      let y = x;
      for (let i = 0; i < 20_000; i++) y = F.relu(y);
      return y;
    };
    using predict = compile(deep, [x]);
    expect(predict(x).tolist()).toEqual([1, 0]);
  });

  test('of ONNX are read', () => {
    const n = 20_000;
    const names = Array.from({ length: n }, (_, i) => `v${i}`);
    const inputs = [value('x', [2])];
    const chain = names.map((name, i) => node('Relu', [i === 0 ? 'x' : names[i - 1]], [name]));
    using deep = readOnnx(modelOf({ nodes: chain, inputs, outputs: [names[n - 1]] }));
    expect(deep(x).tolist()).toEqual([1, 0]);
    const branches = [...names.map((name) => node('Neg', ['x'], [name])), node('Sum', names, ['y'])];
    using wide = readOnnx(modelOf({ nodes: branches, inputs, outputs: ['y'] }));
    expect(wide(x).tolist()).toEqual([-n, 2 * n]);
  });

  test('go back through a hundred thousand functions', () => {
    const v = new Variable(np.array([1, -2]));
    let y: Variable = v;
    for (let i = 0; i < 100_000; i++) y = F.relu(y);
    F.sum(y).backward();
    expect(v.grad?.tolist()).toEqual([1, 0]);
  });
});

describe('an arena of very many buffers', () => {
  test('gives buffers that are alive together memory of their own, and little more than the best plan takes', () => {
    const n = 6000;
    const sizes = [16, 1000, 16, 4096, 70];
    const lifetimes = Array.from({ length: n }, (_, i) => ({
      buffer: { id: i, size: sizes[i % 5], dtype: 'float32' as const, kind: 'computed' as const, constant: null },
      first: i,
      last: i + 1 + (i % 7),
    }));
    const { offsets, bytes } = planArena(lifetimes);
    for (let i = 0; i < n; i++) {
      const from = offsets.get(lifetimes[i].buffer) ?? -1;
      expect(from % 64).toBe(0);
      expect(from + 4 * lifetimes[i].buffer.size).toBeLessThanOrEqual(bytes);
      for (let k = Math.max(0, i - 8); k < i; k++) {
        if (lifetimes[k].last < lifetimes[i].first) continue;
        const other = offsets.get(lifetimes[k].buffer) ?? -1;
        const apart = from + 4 * lifetimes[i].buffer.size <= other || other + 4 * lifetimes[k].buffer.size <= from;
        expect(apart, `${k} and ${i}`).toBe(true);
      }
    }
    expect(bytes).toBeLessThan(2 * leastBytes(lifetimes));
  });
});
