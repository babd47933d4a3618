/** The two builds of the kernels. */

/** `simd` runs in every engine with SIMD; `relaxed` adds a product by one instruction of relaxed SIMD where `simd` takes two. */
export type Variant = 'simd' | 'relaxed';

/** How each variant that a platform carries becomes a module. */
export type VariantModules = Readonly<Partial<Record<Variant, () => WebAssembly.Module>>>;
