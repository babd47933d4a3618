/** Servers as processes: a command that prints the server's address starts them, and they end with the test. */
import { spawn } from 'node:child_process';

export interface Server {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts a server and waits for its address, a line by itself. @throws if it ends before. */
export async function serve(command: string, args: readonly string[], cwd = '.'): Promise<Server> {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ${args[0]} ended with ${code}`)));
    let said = '';
    child.stdout.on('data', (part) => {
      said += part;
      const address = said.match(/http:\/\/\S+(?=\s)/);
      if (address) resolve(address[0]);
    });
  });
  const stop = () => {
    child.stdin.end();
    setTimeout(() => child.kill(), 2000).unref();
    return ended;
  };
  return { origin, stop };
}
