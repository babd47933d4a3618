/** The runner in a page: files from the server that the page came from, kernels of WebGL2. */
import { type GroupResult, runGroup } from './run.js';

declare global {
  interface Window {
    runGroup(group: string): Promise<GroupResult>;
  }
}

async function read(path: string): Promise<Uint8Array> {
  const response = await fetch(`/fixtures/${path}`);
  if (!response.ok) throw new Error(`${path}: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

window.runGroup = (group) => runGroup(group, read, 'webgl');
