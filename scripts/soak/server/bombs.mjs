// @ts-check
/** Pictures of few bytes that declare, or are, much. Each is within the megabyte that the example server reads. */
import { deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** @param {string} type @param {Uint8Array} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/**
 * A grey PNG that declares width × height pixels and has `rows` of them, all 0.
 * @param {number} width @param {number} height
 */
export function flatPng(width, height, rows = height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc(rows * (width + 1)), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG of width × height equal pixels. @param {number} width @param {number} height */
export function flatJpeg(width, height) {
  return Buffer.from(jpeg.encode({ width, height, data: new Uint8Array(width * height * 4).fill(255) }, 90).data);
}

/** A copy of a JPEG whose frame declares another size. @param {Uint8Array} file @param {number} width @param {number} height */
export function declaring(file, width, height) {
  const bytes = Buffer.from(file);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

/**
 * A copy of a JPEG with an application segment in front, whose content looks like a frame of 1 × 1 pixels.
 * @param {Uint8Array} file
 */
export function disguised(file) {
  const decoy = Buffer.from([0xff, 0xe5, 0, 13, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1]);
  return Buffer.concat([file.subarray(0, 2), decoy, file.subarray(2)]);
}

/**
 * A copy of a JPEG with a second frame header, of 8 × 8 pixels, before its own.
 * @param {Uint8Array} file
 */
export function withTwoFrames(file) {
  const frame = Buffer.from(file).indexOf(Buffer.from([0xff, 0xc0]));
  const length = 2 + Buffer.from(file).readUInt16BE(frame + 2);
  const small = declaring(file, 8, 8).subarray(frame, frame + length);
  return Buffer.concat([file.subarray(0, frame), small, file.subarray(frame)]);
}
