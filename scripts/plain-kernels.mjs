// @ts-check
/**
 * Makes kernels of plain SIMD from those of relaxed SIMD: each multiply-add becomes a multiplication and an addition, in the one
 * sequence of instructions that src/backends/wasm/variants.ts knows again. It reads WebAssembly's binary format
 * (WebAssembly Core Specification 2.0, chapter 5) as far as the compiler of the kernels uses it.
 */

const SECTION = { types: 1, functions: 3, code: 10 };
const V128 = 0x7b;

/** The two instructions, by their numbers behind the prefix of vectors, and what adds up instead: c + p, and c − p. */
const INSTEAD = new Map([
  [0x105, 0xe4],
  [0x106, 0xe5],
]);

/** Bytes that are read one after another. */
class Reader {
  /**
   * @param {Uint8Array} bytes
   * @param {number} position
   */
  constructor(bytes, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  /** The next number (unsigned LEB128). */
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.position++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  /** @param {number} count */
  skipNumbers(count) {
    for (; count > 0; count--) while (this.bytes[this.position++] >= 128);
  }

  /** Passes over an instruction, and tells its number if it is one of vectors. */
  instruction() {
    const opcode = this.bytes[this.position++];
    if (opcode === 0xfd) return this.#vectorInstruction();
    if (opcode === 0x43)
      this.position += 4; // f32.const
    else if (opcode === 0x44)
      this.position += 8; // f64.const
    else if (opcode === 0x0e)
      this.skipNumbers(this.number() + 1); // br_table
    else if (opcode === 0x1c)
      this.skipNumbers(this.number()); // select with types
    else if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e))
      this.skipNumbers(2); // loads and stores
    else if (opcode === 0xfc) this.#bulkInstruction();
    else if ([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0xd0, 0xd2].includes(opcode))
      this.skipNumbers(1); // blocks, branches, calls
    else if ((opcode >= 0x20 && opcode <= 0x26) || (opcode >= 0x3f && opcode <= 0x42)) this.skipNumbers(1); // variables
    return undefined;
  }

  #vectorInstruction() {
    const number = this.number();
    if (number <= 11 || number === 92 || number === 93)
      this.skipNumbers(2); // loads and stores
    else if (number <= 13)
      this.position += 16; // constants and shuffles
    else if (number >= 21 && number <= 34)
      this.position++; // lanes
    else if (number >= 84 && number <= 91) {
      this.skipNumbers(2);
      this.position++;
    }
    return number;
  }

  /** Conversions have no operands, memory.copy and memory.init two, memory.fill one. */
  #bulkInstruction() {
    const number = this.number();
    if (number > 11) throw new Error(`plain-kernels: instruction 0xfc ${number} is not known`);
    this.skipNumbers([8, 10].includes(number) ? 2 : Number(number > 7));
  }
}

/**
 * @param {number} value not negative
 * @returns {number[]} LEB128
 */
function leb(value) {
  const bytes = [];
  for (; value >= 128; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/**
 * The number of a local, always in two bytes, so that all sequences are equally long.
 * @param {number} local
 */
function inTwoBytes(local) {
  if (local >= 2 ** 14) throw new Error(`plain-kernels: local ${local} needs more than two bytes`);
  return [(local & 127) | 128, local >> 7];
}

/**
 * A function's body without fused instructions: its own c and p hold what is added, and the product.
 * @param {Uint8Array} body
 * @param {number} parameters how many it has
 */
function plainBody(body, parameters) {
  const reader = new Reader(body);
  const groups = reader.number();
  const declarations = reader.position;
  let locals = parameters;
  for (let i = 0; i < groups; i++) {
    locals += reader.number();
    reader.position++;
  }
  const start = reader.position;
  const [c, p] = [inTwoBytes(locals), inTwoBytes(locals + 1)];
  /** @type {number[]} */
  const code = [];
  let isChanged = false;
  while (reader.position < body.length) {
    const from = reader.position;
    const sum = INSTEAD.get(reader.instruction() ?? 0);
    if (sum === undefined) {
      code.push(...body.subarray(from, reader.position));
      continue;
    }
    isChanged = true;
    // local.set c · f32x4.mul · local.set p · local.get c · local.get p · f32x4.add or f32x4.sub
    code.push(0x21, ...c, 0xfd, 0xe6, 0x01, 0x21, ...p, 0x20, ...c, 0x20, ...p, 0xfd, sum, 0x01);
  }
  if (!isChanged) return body;
  return Uint8Array.from([...leb(groups + 1), ...body.subarray(declarations, start), 2, V128, ...code]);
}

/**
 * The kernels as they are without relaxed SIMD.
 * @param {Uint8Array} relaxed a module that the compiler of the kernels has written
 */
export function plainKernels(relaxed) {
  const reader = new Reader(relaxed, 8);
  const out = [relaxed.subarray(0, 8)];
  /** @type {number[]} */
  const parametersOfType = [];
  /** @type {number[]} */
  const types = [];
  while (reader.position < relaxed.length) {
    const start = reader.position;
    const id = relaxed[reader.position++];
    const end = reader.number() + reader.position;
    if (id === SECTION.types) {
      for (let count = reader.number(); count > 0; count--) {
        reader.position++; // a function
        const parameters = reader.number();
        parametersOfType.push(parameters);
        reader.skipNumbers(parameters); // a byte each
        reader.skipNumbers(reader.number()); // results
      }
    } else if (id === SECTION.functions) {
      for (let count = reader.number(); count > 0; count--) types.push(reader.number());
    } else if (id === SECTION.code) {
      const count = reader.number();
      const bodies = types.slice(0, count).flatMap((type) => {
        const size = reader.number();
        const body = plainBody(relaxed.subarray(reader.position, reader.position + size), parametersOfType[type]);
        reader.position += size;
        return [...leb(body.length), ...body];
      });
      const content = [...leb(count), ...bodies];
      out.push(Uint8Array.from([id, ...leb(content.length), ...content]));
      continue;
    }
    reader.position = end;
    out.push(relaxed.subarray(start, end));
  }
  return Buffer.concat(out);
}
