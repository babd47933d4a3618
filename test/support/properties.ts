/** fast-check, with the same examples in every run; why is said in repeatable.ts. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_240_229 });

export default fc;
