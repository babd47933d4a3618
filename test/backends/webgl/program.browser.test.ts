/** Programs by themselves: what drivers refuse, and uniforms of every type. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program, type UniformValue } from '../../../src/backends/webgl/program.js';
import { DeviceError } from '../../../src/errors.js';
import { contextOf, losingExtension } from '../../support/webgl-context.js';
import { canvasWithoutExtension } from './canvas.js';

const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

/** A shader whose only result is the red of one pixel. */
const red = (declarations: string, value: string) => `#version 300 es
precision highp float;
precision highp int;
precision highp isampler2D;
precision highp sampler2DArray;
${declarations}
out vec4 colour;
void main() { colour = vec4(${value}, 0.0, 0.0, 1.0); }`;

describe.each([
  ['a driver that compiles beside us', () => new OffscreenCanvas(1, 1)],
  ['a driver that cannot tell', () => canvasWithoutExtension('KHR_parallel_shader_compile')],
])('%s', (_, makeCanvas) => {
  let gl: WebGL2RenderingContext;

  beforeAll(() => {
    gl = contextOf(makeCanvas());
  });

  afterAll(() => gl.getExtension('WEBGL_lose_context')?.loseContext());

  /** The red that a program draws, 0 to 255. */
  function draw(program: Program, uniforms: Record<string, UniformValue>): number {
    program.use();
    program.set(uniforms);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const pixel = new Uint8Array(4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return pixel[0];
  }

  test.each([
    ['float', 'uniform float a;', 'a / 255.0', { a: 7 }, 7],
    ['vec2', 'uniform vec2 a;', '(a.x - a.y) / 255.0', { a: [70, 7] }, 63],
    ['int', 'uniform int a;', 'float(a) / 255.0', { a: 9 }, 9],
    ['int[3]', 'uniform int a[3];', 'float(a[0] + 2 * a[1] + 3 * a[2]) / 255.0', { a: [1, 2, 3] }, 14],
    ['ivec2', 'uniform ivec2 a;', 'float(a.x - a.y) / 255.0', { a: [20, 3] }, 17],
    ['uvec2', 'uniform uvec2 a;', 'float((a.x >> 28) + a.y) / 255.0', { a: [0xf0000000, 3] }, 18],
    ['mat2', 'uniform mat2 a;', '(a[0][1] - a[1][0]) / 255.0', { a: [1, 30, 4, 7] }, 26],
    ['one that is not read', 'uniform int a;', '3.0 / 255.0', { a: 1, b: [1, 2] }, 3],
  ])('sets %s', async (_type, declarations, value, uniforms: Record<string, UniformValue>, expected) => {
    expect(draw(Program.compile(gl, VERTEX, red(declarations, value)), uniforms)).toBe(expected);
    expect(draw(await Program.compileAsync(gl, VERTEX, red(declarations, value)), uniforms)).toBe(expected);
  });

  test('gives each texture a unit of its own', () => {
    const texture = (target: GLenum, upload: () => void) => {
      const made = gl.createTexture();
      gl.bindTexture(target, made);
      gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      upload();
      return made;
    };
    const flat = (value: number) =>
      texture(gl.TEXTURE_2D, () =>
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32I, 1, 1, 0, gl.RED_INTEGER, gl.INT, Int32Array.of(value)),
      );
    const layers = texture(gl.TEXTURE_2D_ARRAY, () =>
      gl.texImage3D(gl.TEXTURE_2D_ARRAY, 0, gl.R32F, 1, 1, 2, 0, gl.RED, gl.FLOAT, Float32Array.of(1, 2)),
    );
    const program = Program.compile(
      gl,
      VERTEX,
      red(
        'uniform isampler2D a, b; uniform sampler2DArray c;',
        '(float(texelFetch(a, ivec2(0), 0).x - texelFetch(b, ivec2(0), 0).x) + texelFetch(c, ivec3(0, 0, 1), 0).x) / 255.0',
      ),
    );
    const [forty, five] = [flat(40), flat(5)];
    expect(draw(program, { a: forty, b: five, c: layers })).toBe(37);
    expect(draw(program, { a: five, b: forty })).toBe(0);
    expect(draw(program, { a: forty, b: flat(6) })).toBe(36);
  });

  test("gives the driver's message for a shader that does not compile", async () => {
    const wrong = red('', 'missing');
    expect(() => Program.compile(gl, VERTEX, wrong)).toThrow("'missing' : undeclared identifier");
    await expect(Program.compileAsync(gl, VERTEX, wrong)).rejects.toThrow("'missing' : undeclared identifier");
  });

  test("gives the driver's message for shaders that do not fit together", () => {
    expect(() => Program.compile(gl, VERTEX, red('in float given;', 'given'))).toThrow('given');
  });

  test('a compilation that the context does not outlive is refused', async () => {
    const doomed = makeCanvas();
    const compiling = Program.compileAsync(contextOf(doomed), VERTEX, red('', '0.0'));
    losingExtension(doomed).loseContext();
    await expect(compiling).rejects.toThrow(DeviceError);
  });
});
