/** The self-test of a device, for users. */
import type { DeviceReport } from '../backends/self-test/index.js';
import { type DeviceName, getDevice, prepareDevice } from './device.js';

export type { DeviceReport, OperationReport } from '../backends/self-test/report.js';
export { printDeviceReport } from '../backends/self-test/report.js';

/**
 * Tests a device's arithmetic against float64 on the host: elementwise functions, reductions, products, convolutions and
 * integers. The report has the largest error of each operation, and the error that is accepted. The test takes well under a second
 * on a GPU, longer if shaders are compiled in software. It does not change the default device.
 *
 *     printDeviceReport(await checkDevice('webgl'));
 *
 * @param name Default: the default device.
 * @throws DeviceError if the device is missing here.
 */
export async function checkDevice(name: DeviceName = getDevice().name): Promise<DeviceReport> {
  const [device, { selfTest }] = await Promise.all([prepareDevice(name), import('../backends/self-test/index.js')]);
  return selfTest(device);
}
