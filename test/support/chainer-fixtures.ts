/** The reference data that Chainer computed (test/fixtures/chainer/README.md), read from disk. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The bytes of a fixture file, `path` relative to test/fixtures/chainer. */
export function fixtureBytes(path: string): Uint8Array {
  const url = new URL(`../fixtures/chainer/${path}`, import.meta.url);
  return new Uint8Array(readFileSync(fileURLToPath(url)));
}

/** The cases of a group; `Case` is what its manifest says of each. */
export function fixtureCases<Case>(group: string): Case[] {
  const text = new TextDecoder().decode(fixtureBytes(`${group}/manifest.json`));
  return (JSON.parse(text) as { cases: Case[] }).cases;
}
