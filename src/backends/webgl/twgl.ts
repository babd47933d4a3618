/**
 * What is taken of twgl.js: programs, and uniforms by name. The build takes these functions out of it, without the rest, which
 * bundlers cannot tell that nobody needs.
 */
export { createProgramInfo, createProgramInfoAsync, type ProgramInfo, setUniforms } from 'twgl.js';
