/** Pictures of the graph behind a variable: nodes, edges, labels, DOT and SVG. */
import { describe, expect, it } from 'vitest';
import { buildComputationalGraph, F, np, ValueError, Variable } from '../../src/index.js';
import { unclosedTags } from '../support/xml.js';

const x = () => new Variable(np.ones([2, 3]), { name: 'x' });

describe('buildComputationalGraph', () => {
  it('finds each variable and function once, however often it is used', () => {
    const a = x();
    const y = F.exp(a).mul(F.exp(a)).sum();
    const graph = buildComputationalGraph(y);
    // a, two exponentials with a result each, a product, a sum, with a result each
    expect(graph.nodes.length).toBe(9);
    expect(graph.edges.length).toBe(9);
    expect(graph.nodes.filter((node) => node === a.node).length).toBe(1);
  });

  it('names variables by name, shape and dtype, and functions by their label', () => {
    const graph = buildComputationalGraph(F.sum(x()));
    const labels = graph.nodes.map((node) => graph.labelOf(node));
    expect(labels).toContain('x: (2, 3), float32');
    expect(labels).toContain('float32');
    const unnamed = buildComputationalGraph(F.sum(x()), { showName: false });
    expect(unnamed.nodes.map((node) => unnamed.labelOf(node))).toContain('(2, 3), float32');
  });

  it('joins functions where variables are left out', () => {
    const graph = buildComputationalGraph(F.exp(F.exp(x())), { removeVariable: true });
    expect([graph.nodes.length, graph.edges.length]).toEqual([2, 1]);
  });

  it('of a leaf is the leaf', () => {
    expect(buildComputationalGraph([x()]).nodes.length).toBe(1);
  });
});

describe('dump', () => {
  it('writes DOT: a line for each node and edge, quotes escaped', () => {
    const named = new Variable(np.ones(1), { name: 'a "b"' });
    const dot = buildComputationalGraph(F.exp(named), { rankdir: 'LR' }).dump();
    expect(dot).toMatch(/^digraph graphname\{rankdir=LR;.*\}$/);
    expect(dot.match(/\[label=/g)?.length).toBe(3);
    expect(dot.match(/ -> /g)?.length).toBe(2);
    expect(dot).toContain('a \\"b\\": (1,), float32');
  });

  it('draws SVG with a box for each node and no two in one place', () => {
    const a = x();
    const graph = buildComputationalGraph(F.exp(a).add(F.exp(a)).mul(a));
    const svg = graph.dump('svg');
    expect(unclosedTags(svg)).toEqual([]);
    const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)].map((m) =>
      m.slice(1).map(Number),
    );
    expect(boxes.length).toBe(graph.nodes.length);
    boxes.forEach(([x1, y1, w1], i) => {
      expect(x1).toBeGreaterThanOrEqual(0);
      for (const [x2, y2, w2] of boxes.slice(i + 1)) {
        if (y1 === y2) expect(x1 + w1 <= x2 || x2 + w2 <= x1, `${x1},${w1} and ${x2},${w2}`).toBe(true);
      }
    });
    expect(svg.match(/marker-end/g)?.length).toBe(graph.edges.length);
  });

  it('refuses other formats', () => {
    expect(() => buildComputationalGraph(x()).dump('png' as 'svg')).toThrow(ValueError);
  });
});
