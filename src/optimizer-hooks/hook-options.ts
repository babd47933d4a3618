/** What all optimizer hooks take. */
export interface HookOptions {
  /** `pre` runs the hook before the parameters are updated, `post` after. Default `pre`. */
  timing?: 'pre' | 'post';
}
