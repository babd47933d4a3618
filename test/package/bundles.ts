/** Programs bundled as users would: esbuild and Vite without configuration, and esbuild with an edge platform's conditions. */
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';

/** For pages, by esbuild. */
export async function bundleByEsbuild(project: string, programs: readonly string[], outdir: string): Promise<void> {
  await esbuild({
    absWorkingDir: project,
    entryPoints: [...programs],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    outdir,
    logLevel: 'warning',
  });
}

/** For pages, by Vite. */
export async function bundleByVite(project: string, programs: readonly string[], outDir: string): Promise<void> {
  await vite({
    root: project,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input: programs.map((program) => join(project, program)),
        output: { entryFileNames: '[name].js' },
        preserveEntrySignatures: 'strict',
      },
    },
  });
}

/** For edge workers: modules and `.wasm` files beside them, as wrangler makes of the conditions of workerd. */
export async function bundleForEdge(
  project: string,
  program: string,
  outdir: string,
  conditions: readonly string[],
): Promise<string[]> {
  const { metafile } = await esbuild({
    absWorkingDir: project,
    entryPoints: [program],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    loader: { '.wasm': 'copy', '.onnx': 'copy' },
    outdir,
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.outputs).map((path) => join(project, path));
}
