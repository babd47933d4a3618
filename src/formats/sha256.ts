/** SHA-256 (FIPS 180-4) by the platform. A page that is not served securely lacks it. */
import { DeviceError } from '../errors.js';

/** The checksum of bytes, in hexadecimal. @throws DeviceError if the platform has no cryptography. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) throw new DeviceError('sha256: this page has no cryptography; it must be served securely');
  // The platform refuses shared memory, so its bytes are copied.
  const input =
    bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes.slice();
  const sum = new Uint8Array(await subtle.digest('SHA-256', input));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
