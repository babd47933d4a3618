/** Draws two curves while a network trains: its loss, and its accuracy on batches and on the test set. */
import uPlot from '../../node_modules/uplot/dist/uPlot.esm.js';

const INK = { loss: '#c2410c', accuracy: '#2563eb', test: '#15803d' };

const line = (label, stroke, options = {}) => ({ label, stroke, width: 1.5, spanGaps: true, ...options });

function plot(parent, title, series, range) {
  const size = () => ({ width: parent.clientWidth, height: 170 });
  const options = {
    ...size(),
    title,
    scales: { x: { time: false }, y: { range } },
    series: [{ label: 'epoch' }, ...series],
    cursor: { show: false },
    legend: { show: series.length > 1, live: false },
  };
  const chart = new uPlot(options, [[], ...series.map(() => [])], parent);
  new ResizeObserver(() => chart.setSize(size())).observe(parent);
  return chart;
}

export class Curves {
  #loss;
  #accuracy;
  #points = [];

  constructor(lossElement, accuracyElement) {
    this.#loss = plot(lossElement, 'loss', [line('loss', INK.loss)], (_, __, most) => [0, Math.max(most, 0.1)]);
    const series = [line('batches', INK.accuracy), line('test set', INK.test, { points: { show: true, size: 7 } })];
    this.#accuracy = plot(accuracyElement, 'accuracy', series, () => [0, 1]);
  }

  clear() {
    this.#points = [];
    this.#draw();
  }

  /** Adds a point: `{ epoch, loss, accuracy }` for batches, or `{ epoch, test }`. */
  add(point) {
    this.#points.push(point);
    this.#draw();
  }

  #draw() {
    const column = (name) => this.#points.map((point) => point[name] ?? null);
    this.#loss.setData([column('epoch'), column('loss')]);
    this.#accuracy.setData([column('epoch'), column('accuracy'), column('test')]);
  }
}
