/** How files are written: through links, with modes, over pipes, by two processes, and by one that is killed. Oracle: the file system. */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileError, L, serializers } from '../../src/index.js';
import { writeBytes } from '../../src/serializers/disk.js';
import { processWord } from '../../src/serializers/process-identity.js';

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const built = pathToFileURL(resolve('dist/index.js')).href;

let folder = '';
const at = (name: string) => join(folder, name);
const bytes = (text: string) => new TextEncoder().encode(text);
const modeOf = async (name: string) => (await stat(at(name))).mode & 0o7777;
const save = (name: string, text = 'new') => writeBytes(at(name), bytes(text));
const contents = (name: string) => readFile(at(name), 'utf8');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rensa-write-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Expects a refusal that leaves everything as it was. */
async function expectRefused(name: string, code: string, message: RegExp) {
  const error = await save(name).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({ code, path: at(name) });
  expect(String(error)).toMatch(message);
  expect((await readdir(folder)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
}

describe('modes and owners', () => {
  test.each([0o600, 0o640, 0o644, 0o660, 0o755, 0o777, 0o4755, 0o200])('mode %o stays', async (mode) => {
    await writeFile(at('file'), 'old');
    await chmod(at('file'), mode);
    await save('file');
    expect(await modeOf('file')).toBe(mode);
    expect(readFileSync(at('file'), 'utf8')).toBe('new');
  });

  test.each([
    [0o022, 0o644],
    [0o077, 0o600],
    [0o002, 0o664],
  ])('a new file under the umask %o', async (umask, mode) => {
    const before = process.umask(umask);
    try {
      await save('file');
    } finally {
      process.umask(before);
    }
    expect(await modeOf('file')).toBe(mode);
  });

  test.each([0o444, 0o400, 0o555, 0o000])('a file of mode %o is refused, also for an administrator', async (mode) => {
    await writeFile(at('file'), 'old');
    await chmod(at('file'), mode);
    await expectRefused('file', 'EACCES', /read-only|permission denied/);
    await chmod(at('file'), 0o600);
    expect(await contents('file')).toBe('old');
  });

  test.skipIf(!isRoot)('the owner stays', async () => {
    await writeFile(at('file'), 'old', { mode: 0o640 });
    await chown(at('file'), 1234, 4321);
    await save('file');
    expect(await stat(at('file'))).toMatchObject({ uid: 1234, gid: 4321 });
    expect(await modeOf('file')).toBe(0o640);
  });

  test.skipIf(!isRoot)('where the owner cannot be kept, nobody gets more rights than before', async () => {
    // Another user's file, of a group that the writer is not in; the folder is the writer's.
    await chown(folder, 1234, 1234);
    await writeFile(at('file'), 'old');
    await chown(at('file'), 0, 0);
    await chmod(at('file'), 0o4676);
    const program = `const { serializers, L } = await import(${JSON.stringify(built)}); process.setgroups([]); process.setgid(1234); process.setuid(1234);
      await serializers.saveNpz(${JSON.stringify(at('file'))}, new L.Linear(1, 1));`;
    await execute(process.execPath, ['--input-type=module', '-e', program]);
    expect(await stat(at('file'))).toMatchObject({ uid: 1234, gid: 1234 });
    expect(await modeOf('file')).toBe(0o666); // neither setuid nor the old group's rights
  });
});

describe('links', () => {
  test('the target of a symbolic link is replaced, and the link stays', async () => {
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/target'), 'old', { mode: 0o600 });
    await symlink(at('elsewhere/target'), at('absolute'));
    await symlink('elsewhere/target', at('relative'));
    await symlink('relative', at('chained'));
    for (const name of ['absolute', 'relative', 'chained']) {
      await save(name, name);
      expect((await lstat(at(name))).isSymbolicLink()).toBe(true);
      expect(await contents('elsewhere/target')).toBe(name);
      expect(await modeOf('elsewhere/target')).toBe(0o600);
    }
    expect(await readdir(at('elsewhere'))).toEqual(['target']);
  });

  test('a relative link in a linked folder is followed from where it lies', async () => {
    await mkdir(at('deep/er'), { recursive: true });
    await symlink('deep/er', at('shortcut'));
    await symlink('../target', at('deep/er/link')); // deep/target, not target
    await save('shortcut/link');
    expect(await contents('deep/target')).toBe('new');
    expect(await readdir(folder)).not.toContain('target');
  });

  test('a link that leads nowhere makes its target', async () => {
    await symlink('made', at('dangling'));
    await save('dangling');
    expect((await lstat(at('dangling'))).isSymbolicLink()).toBe(true);
    expect(await contents('made')).toBe('new');
  });

  test('circular links, and links to places that cannot be written, are refused', async () => {
    await symlink('b', at('a'));
    await symlink('a', at('b'));
    await expectRefused('a', 'ELOOP', /lead in a circle/);
    await symlink('no/such/file', at('astray'));
    await expectRefused('astray', 'ENOENT', /there is no directory/);
    await mkdir(at('directory'));
    await symlink('directory', at('to-directory'));
    await expectRefused('to-directory', 'EISDIR', /it is a directory/);
    await writeFile(at('protected'), 'old', { mode: 0o444 });
    await symlink('protected', at('to-protected'));
    await expectRefused('to-protected', 'EACCES', /./);
    expect(await contents('protected')).toBe('old');
  });

  test.skipIf(!isLinux)('a link to another file system: the temporary file is made there', async (context) => {
    const other = await mkdtemp('/dev/shm/rensa-').catch(() => context.skip());
    try {
      await writeFile(join(other, 'target'), 'old');
      await symlink(join(other, 'target'), at('link'));
      await save('link');
      expect(readFileSync(join(other, 'target'), 'utf8')).toBe('new');
      expect(readdirSync(other)).toEqual(['target']);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('of a file with two names, only this one gets the new bytes', async () => {
    await writeFile(at('file'), 'old');
    await link(at('file'), at('backup'));
    await save('file');
    expect([await contents('file'), await contents('backup')]).toEqual(['new', 'old']);
  });
});

describe('names', () => {
  test('directories, and names that end like one', async () => {
    await mkdir(at('directory'));
    for (const name of ['directory', 'directory/', 'new/', '.']) await expectRefused(name, 'EISDIR', /directory/);
    await writeFile(at('file'), 'old');
    await expectRefused('file/', 'ENOTDIR', /not a directory/);
    expect(await readdir(at('directory'))).toEqual([]);
    await expect(writeBytes('', bytes('x'))).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    await expect(writeBytes('https://example.com/x', bytes('x'))).rejects.toMatchObject({ code: 'EINVAL' });
  });

  test.each(['é'.repeat(127), 'x'.repeat(255), '.hidden', 'a b', '[a]*?', '#'])('%s', async (name) => {
    await save(name, 'first');
    await save(name, 'second');
    expect(await contents(name)).toBe('second');
    expect(await readdir(folder)).toEqual([name]);
  });

  test('a name that is too long is refused', () => expectRefused('x'.repeat(256), 'ENAMETOOLONG', /too long/));

  test('a file: URL is its path', async () => {
    await writeBytes(pathToFileURL(at('a b')).href, bytes('x'));
    expect(await contents('a b')).toBe('x');
  });
});

describe.skipIf(process.platform === 'win32')('pipes, devices and open files', () => {
  test('a pipe is written to, and stays a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const large = 'x'.repeat(300_000); // more than a pipe holds
    const reader = execute('cat', [at('pipe')], { maxBuffer: 2 ** 20 });
    await save('pipe', large);
    expect((await reader).stdout).toBe(large);
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });

  test('a pipe waits for its reader', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const saved = save('pipe', 'late');
    await new Promise((done) => setTimeout(done, 100));
    expect((await execute('cat', [at('pipe')])).stdout).toBe('late');
    await saved;
  });

  test('a reader that leaves is told of', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = execute('head', ['-c', '1', at('pipe')]);
    await expect(save('pipe', 'x'.repeat(2 ** 22))).rejects.toMatchObject({ name: 'FileError', code: 'EPIPE' });
    await reader;
  });

  test('a pipe without a reader ends with an error, and stays', { timeout: 30_000 }, async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expectRefused('pipe', 'ENXIO', /no program has read this pipe for 5 s/);
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
  });

  test('devices stay devices', async () => {
    await writeBytes('/dev/null', bytes('x'));
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    if (!isLinux) return;
    await expect(writeBytes('/dev/full', bytes('x'))).rejects.toMatchObject({ name: 'FileError', code: 'ENOSPC' });
    await symlink('/dev/null', at('link'));
    await save('link');
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
  });

  test('a socket is refused, and stays a socket', async () => {
    const server = createServer().listen(at('socket'));
    await once(server, 'listening');
    await expectRefused('socket', 'ENXIO', /it is a socket/);
    expect((await lstat(at('socket'))).isSocket()).toBe(true);
    server.close();
  });

  test.skipIf(!isLinux)('the standard output: a pipe, and a file that the shell opened', async () => {
    // A link as /dev/stdout is one, so that a fault does not take the system's away.
    await symlink('/proc/self/fd/1', at('stdout'));
    const toStdout = `const { serializers, L } = await import(${JSON.stringify(built)});
      process.stdout.write('before ');
      await serializers.saveNpz(${JSON.stringify(at('stdout'))}, new L.Linear(300, 300), { compression: false });`;
    const run = (shell: string) => spawnSync('sh', ['-c', shell, 'sh', process.execPath, toStdout, at('out')]).stdout;
    const piped = run('"$1" --input-type=module -e "$2" | cat');
    run('"$1" --input-type=module -e "$2" > "$3"; echo after >> "$3"');
    expect(piped.subarray(0, 9).toString()).toBe('before PK');
    const filed = await readFile(at('out'));
    expect(filed.length).toBe(piped.length + 'after\n'.length);
    expect(filed.subarray(0, 9).toString()).toBe('before PK');
    expect(filed.subarray(-6).toString()).toBe('after\n');
  });
});

describe('no space', () => {
  test.skipIf(!isLinux)('leaves the old file, and nothing beside it', async () => {
    // The shell limits files to 8 blocks of 1024 bytes; the limit's signal is ignored, so that writing fails instead.
    await save('file', 'old');
    const program = `const { serializers, L } = await import(${JSON.stringify(built)});
      await serializers.saveNpz(${JSON.stringify(at('file'))}, new L.Linear(300, 300)).catch((e) => console.log(e.name, e.code));`;
    const shell = 'ulimit -f 8; trap "" XFSZ; exec "$1" --input-type=module -e "$2"';
    const { stdout } = spawnSync('bash', ['-c', shell, 'bash', process.execPath, program], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('FileError EFBIG');
    expect(await contents('file')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test.skipIf(isRoot)('a folder that takes no file leaves the old one', async () => {
    await save('file', 'old');
    chmodSync(folder, 0o555);
    await expect(save('file')).rejects.toMatchObject({ code: 'EACCES' });
    chmodSync(folder, 0o755);
    expect(await contents('file')).toBe('old');
  });
});

describe('several at once', () => {
  test('of one process: the last call wins', async () => {
    const sizes = [2 ** 22, 2 ** 20, 10, 2 ** 21, 1];
    await Promise.all(sizes.map((size, i) => save('file', String(i).repeat(size))));
    expect(await contents('file')).toBe('4');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('of two processes: the file is always one of theirs, whole', async () => {
    const program = (value: number) => `const { serializers, L } = await import(${JSON.stringify(built)});
      const net = new L.Linear(200, 200, { initialW: ${value}, initialBias: ${value} });
      for (let i = 0; i < 25; i++) await serializers.saveNpz(${JSON.stringify(at('net.npz'))}, net);`;
    const running = [1, 2].map((value) => execute(process.execPath, ['--input-type=module', '-e', program(value)]));
    let isDone = false;
    const all = Promise.all(running).then(() => {
      isDone = true;
    });
    let seen = 0;
    for (; !isDone; await new Promise((done) => setTimeout(done, 5))) {
      const net = new L.Linear(200, 200);
      const found = await serializers.loadNpz(at('net.npz'), net).then(
        () => true,
        (error) => error.code !== 'ENOENT' && Promise.reject(error),
      );
      if (!found) continue;
      seen++;
      const values = new Set([...net.W.array.dataSync(), ...(net.b?.array.dataSync() ?? [])]);
      expect(values.size).toBe(1);
    }
    await all;
    expect(seen).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(['net.npz']);
  });
});

describe('processes that are killed', () => {
  test('leave the old file whole, and the next save removes what they left', { timeout: 120_000 }, async () => {
    const path = at('net.npz');
    await serializers.saveNpz(path, new L.Linear(2, 2));
    const program = `const { serializers, L } = await import(${JSON.stringify(built)});
      const net = new L.Linear(1500, 1500, { initialW: 1 });
      console.log('ready');
      for (;;) await serializers.saveNpz(${JSON.stringify(path)}, net, { compression: false });`;
    let left = 0;
    for (let i = 0; i < 12; i++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
      await once(child.stdout, 'data');
      // Not after a time, but when a temporary file is there: then the write is in the middle.
      while (!readdirSync(folder).some((name) => name.includes(`-${child.pid}-`))) await new Promise(setImmediate);
      child.kill('SIGKILL');
      await once(child, 'exit');
      left += readdirSync(folder).filter((name) => name.endsWith('.tmp')).length;
      const sizes: number[] = [statSync(path).size];
      expect(sizes[0] < 2000 || sizes[0] > 1500 * 1500 * 4).toBe(true);
      const net = sizes[0] < 2000 ? new L.Linear(2, 2) : new L.Linear(1500, 1500);
      await serializers.loadNpz(path, net);
    }
    expect(left).toBeGreaterThan(0);
    await serializers.saveNpz(path, new L.Linear(2, 2));
    expect(await readdir(folder)).toEqual(['net.npz']);
  });

  const [host, , start] = processWord().split('-');
  const dead = 2 ** 22 + 1; // more than Linux has numbers for processes
  const DAY = 24 * 60 * 60 * 1000;
  test.each([
    ['of a dead process', `.file.${host}-${dead}-0-abcdefgh.tmp`, 0, false],
    ['of a process number that was given away', `.file.${host}-${process.pid}-${start}1-abcdefgh.tmp`, 0, !isLinux],
    ['of this process', `.file.${host}-${process.pid}-${start}-abcdefgh.tmp`, 2 * DAY, true],
    ['of the parent process', `.file.${host}-${process.ppid}-0-abcdefgh.tmp`, 2 * DAY, true],
    ['of another host', `.file.00000000-${dead}-0-abcdefgh.tmp`, 0, true],
    ['of another host, two days old', `.file.00000000-${dead}-0-abcdefgh.tmp`, 2 * DAY, false],
    ['of another file', `.file2.${host}-${dead}-0-abcdefgh.tmp`, 0, true],
    ['of a file whose name goes on', `.file.npz.${host}-${dead}-0-abcdefgh.tmp`, 2 * DAY, true],
    ['of another program', '.file.swp.tmp', 2 * DAY, true],
  ])('a temporary file %s', async (_, name, age, stays) => {
    await writeFile(at(name), 'left');
    const then = new Date(Date.now() - age);
    await utimes(at(name), then, then);
    await save('file');
    expect((await readdir(folder)).includes(name)).toBe(stays);
  });

  test('a folder with the name of a temporary file is left alone', async () => {
    mkdirSync(at(`.file.${host}-${dead}-0-abcdefgh.tmp`));
    await save('file');
    expect(await contents('file')).toBe('new');
  });
});

describe('durable', () => {
  const strace = spawnSync('strace', ['-V']).status === 0;

  test('the writers of the package take it, and refuse unknown options', async () => {
    const net = new L.Linear(2, 2);
    await serializers.saveNpz(at('a.npz'), net, { durable: true });
    await serializers.saveSafetensors(at('a.safetensors'), net, { durable: true });
    await serializers.loadNpz(at('a.npz'), new L.Linear(2, 2));
    await serializers.loadSafetensors(at('a.safetensors'), new L.Linear(2, 2));
    expect((await readdir(folder)).sort()).toEqual(['a.npz', 'a.safetensors']);
    await expect(serializers.saveNpz(at('b'), net, { durabel: true } as never)).rejects.toThrow(/no option 'durabel'/);
  });

  test.skipIf(!strace)('flushes the file before it is renamed, and the folder after', async () => {
    const program = `const { serializers, L } = await import(${JSON.stringify(built)});
      await serializers.saveNpz(${JSON.stringify(at('net.npz'))}, new L.Linear(1, 1), { durable: true });`;
    const args = ['-f', '-y', '-e', 'trace=fsync,rename', process.execPath, '--input-type=module', '-e', program];
    const { stderr } = await execute('strace', args, { maxBuffer: 2 ** 24 });
    const calls = stderr.split('\n').filter((line) => line.includes(folder) && /fsync|rename/.test(line));
    expect(calls.map((line) => /fsync|rename/.exec(line)?.[0])).toEqual(['fsync', 'rename', 'fsync']);
    expect(calls[2]).toContain(`<${folder}>`);
  });
});
