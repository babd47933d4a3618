/** Checked mode switched on by `init` and by the environment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { getRuntimeInfo, init, np } from '../../src/index.js';

const root = new URL('../..', import.meta.url);

it('is off unless somebody asks', async () => {
  if (process.env.RENSA_CHECKED === '1') return;
  expect(getRuntimeInfo().checked).toBe(false);
  const before = np.ones([3]);
  await init({ checked: true });
  expect(getRuntimeInfo().checked).toBe(true);
  // Names of operations are refused as ever, whatever they are.
  for (const op of ['nonsense', [before]])
    expect(() => np.unary(op as 'exp', before)).toThrow(
      /^there is no operation ('nonsense'|an array of 1); there are /,
    );
  // Arrays from before stay what they were, and a second call changes nothing.
  await init({ checked: true });
  expect(before.add(1).tolist()).toEqual([2, 2, 2]);
  expect(() => np.ones([3]).device.softmax(before, 0, false, before)).toThrow(/checked mode: softmax/);
  const hook: unknown = Reflect.get(globalThis, Symbol.for('rensa.checked'));
  (hook as { verify(): void }).verify();
});

it('is read from the environment when the package is loaded', async () => {
  const program = `
    import { getRuntimeInfo, np } from './dist/index.js';
    const x = np.ones([4]);
    let message = 'none';
    try { x.device.softmax(x, 0, false, x); } catch (error) { message = error.message; }
    console.log(JSON.stringify([getRuntimeInfo().checked, message.slice(0, 22)]));`;
  const run = async (RENSA_CHECKED: string) => {
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', program], {
      cwd: root,
      env: { ...process.env, RENSA_CHECKED },
    });
    return JSON.parse(stdout);
  };
  expect(await run('1')).toEqual([true, 'checked mode: softmax:']);
  expect(await run('0')).toEqual([false, 'none']);
});
