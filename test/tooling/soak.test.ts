/** `npm run soak`: its help, and a short run. Long runs, which judge latency and memory, are started by hand. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const soak = (...args: string[]) => run(process.execPath, ['scripts/soak.mjs', ...args]);

it('lists its programs, and the options of one', async () => {
  expect((await soak('--help')).stdout).toMatch(/^ {2}server +the example server/m);
  expect((await soak('server', '--help')).stdout).toMatch(/--hostile N/);
});

it.each([
  [['nonsense'], /there is no 'nonsense'/],
  [['../soak/server'], /there is no/],
  [['server', '--nonsense'], /--nonsense/],
  [['server', '--requests', '-1'], /requests/],
  [['server', '--runtime', 'constructor'], /runtime 'constructor'/],
])('refuses %j with exit code 1', async (args, reason) => {
  await expect(soak(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
});

it('the example server keeps its promises for a few hundred requests', { timeout: 120_000 }, async () => {
  const { stdout } = await soak('server', '--requests', '300', '--hostile', '200', '--seed', '7');
  expect(stdout).toContain('honest requests answered 200: 600 of 600');
  expect(stdout).toContain('hostile requests answered as they may be: 200 of 200');
  expect(stdout).toContain('exit code after SIGTERM: 0');
  expect(stdout).not.toContain('✗');
});
