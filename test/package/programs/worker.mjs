/** For edge workers: each request is answered with what is learned. */
import { learn } from './learn.mjs';

export default { fetch: async () => Response.json(await learn()) };
