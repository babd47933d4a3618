/** Bundles a program by webpack as its users would: `node bundle-webpack.mjs TARGET PROJECT PROGRAM OUTDIR`. */
import webpack from 'webpack';

const [target, context, program, path] = process.argv.slice(2);
const stats = await new Promise((resolve, reject) => {
  const options = {
    mode: 'production',
    target,
    context,
    entry: `./${program}`,
    output: {
      path,
      filename: '[name].js',
      chunkFilename: '[name].js',
      module: true,
      library: { type: 'module' },
      publicPath: 'auto',
      chunkFormat: 'module',
    },
    experiments: { outputModule: true },
    performance: { hints: false },
    optimization: { minimize: false }, // other bundlers' tests do that, in less time
  };
  webpack(options, (error, done) => (error ? reject(error) : resolve(done)));
});
if (stats.hasErrors() || stats.hasWarnings()) {
  console.error(stats.toString({ colors: false }));
  process.exit(1);
}
