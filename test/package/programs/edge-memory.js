/** The example's worker, which also reports the bytes of its arrays. */
import { np } from 'rensa/inference';
import worker from './edge-worker/worker.js';

export default {
  fetch: (request) =>
    new URL(request.url).pathname === '/memory' ? Response.json(np.memory()) : worker.fetch(request),
};
