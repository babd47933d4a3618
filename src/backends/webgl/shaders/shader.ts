/** The types of shaders: functions that compute primitives by drawing. */
import type { KernelOf, KernelTable } from '../../kernel-table.js';
import type { Primitive } from '../../primitives.js';
import type { Painter } from '../painter.js';
import type { TextureTensor } from '../storage.js';

/** Computes a primitive: the painter, then the primitive's arguments with textures in the place of tensors. */
export type Shader<P extends Primitive> = KernelOf<P, Painter, TextureTensor>;

/** A shader for each primitive. */
export type Shaders = KernelTable<Painter, TextureTensor>;

/** Shaders that share code. */
export type Family = Partial<Shaders>;
