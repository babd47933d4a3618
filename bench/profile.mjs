/**
 * `node bench/profile.mjs MODEL [ROWS]`: prints the time of a compiled classifier by layer, the slowest first, and by
 * algorithm.
 */
import { compile } from '#rensa';
import { modelSetup } from './models.mjs';
import { machinePeak } from './peak.mjs';

const [name = 'resnet50', rows = '12'] = process.argv.slice(2);
const { classify, x } = modelSetup(name, 1);
const predict = compile(classify, [x], { reuse: true });
const { gflops, simd } = machinePeak();
const profile = predict.profile(x);

/** Time and multiplications of the layers of each kind. */
const kinds = new Map();
for (const { op, algorithm, milliseconds, macs } of profile.layers) {
  const kind = algorithm || op;
  const { time = 0, operations = 0, layers = 0 } = kinds.get(kind) ?? {};
  kinds.set(kind, { time: time + milliseconds, operations: operations + 2 * macs, layers: layers + 1 });
}
console.log(`${name}, Node ${process.versions.node}, ${simd} SIMD, peak ${gflops.toFixed(1)} GFLOP/s\n`);
console.log('| kind | layers | ms | of all | GFLOP/s | of peak |\n| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [kind, { time, operations, layers }] of [...kinds].sort((a, b) => b[1].time - a[1].time)) {
  const rate = operations / time / 1e6;
  const rates = operations ? `${rate.toFixed(1)} | ${((100 * rate) / gflops).toFixed(0)} %` : ' | ';
  const share = ((100 * time) / profile.milliseconds).toFixed(1);
  console.log(`| ${kind} | ${layers} | ${time.toFixed(2)} | ${share} % | ${rates} |`);
}
console.log(
  `\n${profile
    .sorted()
    .toString()
    .split('\n')
    .slice(0, Number(rows) + 2)
    .join('\n')}`,
);
console.log(`\n${profile.milliseconds.toFixed(1)} ms in all`);
