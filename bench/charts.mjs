/** Charts of measurements as SVG texts, drawn without a page. */
import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const ROW = 16;

/** Bars of each peer's time divided by Rensa's, case by case, on a logarithmic scale. */
export function chart(title, results) {
  const names = [...new Set(results.flatMap(({ timings }) => timings.map(({ name }) => name)))];
  const ratio = ({ timings }, name) => {
    const theirs = timings.find((timing) => timing.name === name);
    return theirs?.min ? Number((theirs.min / timings[0].min).toFixed(3)) : null;
  };
  const height = 110 + results.length * (ROW + 5 * names.length);
  const view = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 860, height });
  view.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: title, subtext: 'time as a multiple of Rensa’s: longer bars are slower', left: 8, top: 6 },
    legend: { top: 12, right: 8, orient: 'horizontal', width: 480 },
    grid: { left: 8, right: 24, top: 74, bottom: 12 },
    xAxis: { type: 'log', logBase: 2, axisLabel: { formatter: '{value}×' } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: results.map((result) => result.title),
      axisLabel: { fontSize: 11 },
    },
    series: names.map((name) => ({ name, type: 'bar', data: results.map((result) => ratio(result, name)) })),
  });
  const svg = view.renderToSVGString();
  view.dispose();
  return svg;
}
