/** All kernels that the host calls. A kernel keeps no state: it reads and writes only the memory that its arguments name. */
export * from './inference';
export * from './learning';
