/** The service on Cloudflare Workers, and everything else that runs workerd. The weights come as a data module. */
import { makeHandler } from './handler.js';
import weights from './lenet5.onnx';
import { makeReader } from './reader.js';

export default { fetch: makeHandler(await makeReader(new Uint8Array(weights))) };
