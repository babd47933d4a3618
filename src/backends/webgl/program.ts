/** One shader program: compiled without waiting where the driver can, its uniforms set by name. What it computes is not known here. */

/** What a uniform may be set to: a number, those of a vector or an array, or a texture. */
export type UniformValue = number | readonly number[] | WebGLTexture;

/** How numbers of a type are set. These are the types that shaders of ours have. */
const SETTERS = {
  FLOAT: 'uniform1fv',
  FLOAT_VEC2: 'uniform2fv',
  INT: 'uniform1iv',
  INT_VEC2: 'uniform2iv',
  UNSIGNED_INT_VEC2: 'uniform2uiv',
} as const;

/** Where textures of a type are bound. */
const TARGETS = {
  SAMPLER_2D: 'TEXTURE_2D',
  INT_SAMPLER_2D: 'TEXTURE_2D',
  SAMPLER_2D_ARRAY: 'TEXTURE_2D_ARRAY',
} as const;

/** How often a driver is asked whether it has finished, in milliseconds. */
const POLLING = 5;

/** The entry of a table whose keys are names of a context's constants. */
function lookUp<V>(gl: WebGL2RenderingContext, table: Readonly<Record<string, V>>, constant: GLenum): V | undefined {
  return Object.entries(table).find(([name]) => Reflect.get(gl, name) === constant)?.[1];
}

/** Shaders that have been handed to the driver, which may still be at work on them. */
class Compilation {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #shaders: readonly WebGLShader[];

  constructor(gl: WebGL2RenderingContext, vertex: string, fragment: string) {
    this.#gl = gl;
    this.#program = gl.createProgram();
    this.#shaders = [this.#compile(gl.VERTEX_SHADER, vertex), this.#compile(gl.FRAGMENT_SHADER, fragment)];
    gl.linkProgram(this.#program);
  }

  #compile(stage: GLenum, source: string): WebGLShader {
    const gl = this.#gl;
    const shader = gl.createShader(stage)!; // null only for what is no stage
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(this.#program, shader);
    return shader;
  }

  /** Resolves when the driver has finished, if it can tell. */
  async finished(): Promise<void> {
    const gl = this.#gl;
    const extension = gl.getExtension('KHR_parallel_shader_compile');
    const isDone = () =>
      !extension || gl.isContextLost() || gl.getProgramParameter(this.#program, extension.COMPLETION_STATUS_KHR);
    do await new Promise((resolve) => setTimeout(resolve, extension ? POLLING : 0));
    while (!isDone());
  }

  /** Waits for the driver. @throws Error with what it has to say, if the shaders do not compile or do not fit together. */
  link(): WebGLProgram {
    const gl = this.#gl;
    const isLinked = gl.getProgramParameter(this.#program, gl.LINK_STATUS);
    const log = isLinked ? '' : this.#shaders.map((shader) => gl.getShaderInfoLog(shader)).join('');
    for (const shader of this.#shaders) gl.deleteShader(shader);
    if (isLinked) return this.#program;
    const reason = log || gl.getProgramInfoLog(this.#program);
    gl.deleteProgram(this.#program);
    throw new Error(reason || 'the driver does not say why');
  }
}

export class Program {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #uniforms = new Map<string, (value: UniformValue) => void>();

  private constructor(gl: WebGL2RenderingContext, program: WebGLProgram) {
    this.#gl = gl;
    this.#program = program;
    gl.useProgram(program);
    let units = 0;
    const count: number = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS);
    for (let i = 0; i < count; i++) {
      const { name, type } = gl.getActiveUniform(program, i)!;
      const location = gl.getUniformLocation(program, name);
      const setter = lookUp(gl, SETTERS, type);
      const target = lookUp(gl, TARGETS, type);
      if (target) this.#uniforms.set(name, this.#binding(gl[target], location, units++));
      else if (setter) this.#uniforms.set(name.replace('[0]', ''), this.#setting(setter, location));
      else throw new Error(`uniform ${name} is of a type that is not known (0x${type.toString(16)})`);
    }
  }

  /** @throws Error with the driver's log. */
  static compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
    return new Program(gl, new Compilation(gl, vertex, fragment).link());
  }

  /** {@link compile} without blocking, for as much of the work as the driver does beside others. */
  static async compileAsync(gl: WebGL2RenderingContext, vertex: string, fragment: string): Promise<Program> {
    const compilation = new Compilation(gl, vertex, fragment);
    await compilation.finished();
    return new Program(gl, compilation.link());
  }

  /** Makes it the one that draws. */
  use(): void {
    this.#gl.useProgram(this.#program);
  }

  /** Sets uniforms of the program that is in use. Those that the shaders do not read are passed over. */
  set(values: Readonly<Record<string, UniformValue>>): void {
    for (const name in values) this.#uniforms.get(name)?.(values[name]);
  }

  #setting(setter: (typeof SETTERS)[keyof typeof SETTERS], location: WebGLUniformLocation | null) {
    const gl = this.#gl;
    return (value: UniformValue) => gl[setter](location, typeof value === 'number' ? [value] : (value as number[]));
  }

  /** Each texture has a unit of its own. */
  #binding(target: GLenum, location: WebGLUniformLocation | null, unit: number) {
    const gl = this.#gl;
    gl.uniform1i(location, unit);
    return (texture: UniformValue) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(target, texture as WebGLTexture);
    };
  }
}
