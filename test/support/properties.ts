/** fast-check, with the same examples in every run; repeatable.ts gives the reason. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_240_229 });

export default fc;
