/** An edge worker. It answers each request with what learn.mjs gives. */
import { learn } from './learn.mjs';

export default { fetch: async () => Response.json(await learn()) };
