// @ts-check
/** Requests whose bodies are meant to harm: pictures and compressed data that are, or declare, more than they seem. */
import { gzipSync } from 'node:zlib';
import { declaring, disguised, flatJpeg, flatPng, withTwoFrames } from './bombs.mjs';
import { send } from './raw-http.mjs';

/** @returns {import('./hostile-requests.mjs').HostileRequest[]} */
export function hostileBodies() {
  const small = flatJpeg(64, 64);
  const large = flatJpeg(1024, 1024);
  const gzipped = gzipSync(Buffer.alloc(1e8));
  return [
    { name: 'a gzip bomb', bytes: send('image/png', gzipped, 'Content-Encoding: gzip'), expected: [415] },
    {
      name: 'an unknown content encoding',
      bytes: send('image/png', new Uint8Array(784), 'Content-Encoding: __proto__'),
      expected: [415],
    },
    { name: 'gzip as a picture', bytes: send('image/png', gzipped), expected: [400] },
    {
      name: 'a PNG of 65,535² pixels that are not there',
      bytes: send('image/png', flatPng(65_535, 65_535, 1)),
      expected: [413],
    },
    { name: 'a PNG of 2³¹ × 1', bytes: send('image/png', flatPng(2 ** 31, 1, 0)), expected: [413] },
    { name: 'a PNG of 0 × 0', bytes: send('image/png', flatPng(0, 0)), expected: [400] },
    {
      name: 'a PNG whose rows inflate too far',
      bytes: send('image/png', flatPng(64, 64, 100_000)),
      expected: [400, 422],
    },
    { name: 'a PNG of 20,000² flat pixels', bytes: send('image/png', flatPng(20_000, 20_000, 2000)), expected: [413] },
    { name: 'a PNG as large as may be', bytes: send('image/png', flatPng(1024, 1024)), expected: [422, 503] },
    { name: 'a JPEG as large as may be', bytes: send('image/jpeg', large), expected: [422, 503] },
    {
      name: 'a JPEG that declares 65,500²',
      bytes: send('image/jpeg', declaring(small, 65_500, 65_500)),
      expected: [413],
    },
    {
      name: 'a JPEG that declares 256² and has fewer',
      bytes: send('image/jpeg', declaring(small, 256, 256)),
      expected: [400, 422],
    },
    {
      name: 'a JPEG disguised as a small one',
      bytes: send('image/jpeg', disguised(declaring(small, 65_500, 65_500))),
      expected: [413, 400],
    },
    { name: 'a JPEG of two frames', bytes: send('image/jpeg', withTwoFrames(large)), expected: [400] },
    { name: 'a JPEG cut off', bytes: send('image/jpeg', large.subarray(0, 2000)), expected: [400, 422, 503] },
    { name: 'a PNG cut off', bytes: send('image/png', flatPng(256, 256).subarray(0, 60)), expected: [400] },
    {
      name: 'noise that begins as a JPEG',
      bytes: send('image/jpeg', Buffer.concat([small.subarray(0, 200), gzipped])),
      expected: [400, 413],
    },
    { name: 'a body of exactly one megabyte', bytes: send('image/png', new Uint8Array(1e6)), expected: [400] },
    { name: 'a body of one byte more', bytes: send('image/png', new Uint8Array(1e6 + 1)), expected: [413, null] },
  ];
}
