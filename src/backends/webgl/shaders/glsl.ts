/**
 * The parts of every fragment shader: the declarations of inputs with their accessors, the declarations of outputs, and the arithmetic
 * between texels and elements. See `storage.ts` for the layout.
 */

import type { Kind } from '../storage.js';

export const VECTOR = { float: 'vec4', int: 'ivec4' } satisfies Record<Kind, string>;
const SAMPLER = { float: 'sampler2D', int: 'isampler2D' } satisfies Record<Kind, string>;

/** The inputs of shaders: elements of a kind, or the layers of an array of float textures. */
export type InputKind = Kind | 'layers';

const HEADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
`;

/** Infinities and NaN, and tests of their bits: drivers may assume that no float is NaN or infinite. */
const SPECIAL_VALUES = `
#define INFINITE uintBitsToFloat(0x7f800000u)
#define NOT_A_NUMBER uintBitsToFloat(0x7fc00000u)
bool isNotANumber(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u; }
bool isNotANumber(int x) { return false; }
bool isInfinite(float x) { return (floatBitsToUint(x) & 0x7fffffffu) == 0x7f800000u; }
bool isSigned(float x) { return floatBitsToUint(x) >> 31 == 1u; }
`;

const PICK = `
float pick(vec4 v, int c) { return c < 2 ? (c == 0 ? v.x : v.y) : (c == 2 ? v.z : v.w); }
int pick(ivec4 v, int c) { return c < 2 ? (c == 0 ? v.x : v.y) : (c == 2 ? v.z : v.w); }
`;

/**
 * The accessors of an input: `x_place(t)` is the place of texel t, `x_texel(t)` that texel, `x_at(i)` element i, and `x_here()` the texel at the
 * place of the fragment, for an input as large as the output. A read outside the texture gives some value and harms nothing.
 *
 * Shaders sample texels at their centres, which was a fifth cheaper on SwiftShader than `texelFetch`. Centres are exact: widths are powers
 * of two, and sides are far below 2²³ texels.
 */
const input = (name: string, kind: InputKind) => (kind === 'layers' ? layers(name) : elements(name, kind));

const place = (name: string) => `
uniform int ${name}_shift;
uniform vec2 ${name}_scale;
vec2 ${name}_place(int t) {
  return (vec2(t & ((1 << ${name}_shift) - 1), t >> ${name}_shift) + 0.5) * ${name}_scale;
}
`;

const layers = (name: string) => `
uniform sampler2DArray ${name};${place(name)}
vec4 ${name}_texel(int layer, int t) { return texture(${name}, vec3(${name}_place(t), layer)); }
`;

const elements = (name: string, kind: Kind) => `
uniform ${SAMPLER[kind]} ${name};${place(name)}${VECTOR[kind]} ${name}_texel(int t) { return texture(${name}, ${name}_place(t)); }
${kind} ${name}_at(int i) { return pick(${name}_texel(i >> 2), i & 3); }
${VECTOR[kind]} ${name}_here() { return texelFetch(${name}, ivec2(gl_FragCoord.xy), 0); }
`;

const output = (kind: Kind, i: number) => `layout(location = ${i}) out ${VECTOR[kind]} out${i};\n`;

const THIS_TEXEL = `
uniform int out_shift;
int texel() { return (int(gl_FragCoord.y) << out_shift) | int(gl_FragCoord.x); }
`;

export interface FragmentParts {
  readonly inputs?: Readonly<Record<string, InputKind>>;
  readonly outputs: readonly Kind[];
  /** Uniforms, functions, and `main`, which fills `out0`, `out1`, … for texel `texel()`. */
  readonly body: string;
}

/** A whole fragment shader. */
export function fragment({ inputs = {}, outputs, body }: FragmentParts): string {
  const declarations = Object.entries(inputs).map(([name, kind]) => input(name, kind));
  return [HEADER, SPECIAL_VALUES, PICK, ...declarations, ...outputs.map(output), THIS_TEXEL, body].join('');
}

/** A whole vertex shader whose vertices are points; `body` sets `gl_Position` by `place_at(texel)`. */
export function pointVertex(inputs: Readonly<Record<string, Kind>>, body: string): string {
  const declarations = Object.entries(inputs).map(([name, kind]) => input(name, kind).replace(/^.*_here.*$/m, ''));
  return `${HEADER}${PICK}${declarations.join('')}
uniform int out_shift;
uniform ivec2 out_size;
vec4 place_at(int t) {
  vec2 center = vec2(t & ((1 << out_shift) - 1), t >> out_shift) + 0.5;
  return vec4(center / vec2(out_size) * 2.0 - 1.0, 0.0, 1.0);
}
${body}`;
}

/** The `main` that computes each of a texel's four elements by `element(i)`, and then applies the function `finish`, if given. */
export const FOUR_ELEMENTS = (kind: Kind, finish = ''): string => `
void main() {
  int i = texel() << 2;
  out0 = ${finish}(${VECTOR[kind]}(element(i), element(i + 1), element(i + 2), element(i + 3)));
}
`;

/** The expression of `value` as an element of `dtype`: `uint8` wraps. */
export const wrap = (dtype: string, value: string): string => (dtype === 'uint8' ? `(${value}) & 255` : value);
