/** Every kernel that the host calls. All are stateless: they read and write where they are told to, nowhere else. */
export * from './inference';
export * from './learning';
