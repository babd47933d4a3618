/**
 * The JPEG decoder's place in bundles for browsers, which decode such pictures themselves. The package's export conditions put
 * this file in the place of jpeg-js.
 */
import { DeviceError } from '../errors.js';

/** @throws DeviceError always. */
const decode: typeof import('jpeg-js/lib/decoder.js').default = () => {
  throw new DeviceError('a bundle for browsers leaves JPEG to the browser, and here is no canvas');
};

export default decode;
