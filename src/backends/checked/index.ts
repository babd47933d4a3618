/**
 * Checked mode: every call of a device's primitives is held against what the seam says of it, before it is made and after.
 * Loaded only where it is asked for; `init({ checked: true })` and RENSA_CHECKED=1 do. It knows the seam and no device.
 */

import type { Backend, PreparedCall } from '../backend.js';
import type { Guards } from '../guards.js';
import type { Memory, Primitive, Tensor } from '../primitives.js';
import { replaceEntries, wrapPrimitives } from '../wrapped.js';
import { Call } from './call.js';
import { isFilled, type Operand, operandsOf } from './operands.js';
import { Places } from './places.js';
import { RULES } from './rules.js';

const memoryOf = ({ tensor }: Operand): Memory => tensor.memory;

type Checks = (call: Call, ...args: readonly unknown[]) => void;

/**
 * Checks each call of a device from now on.
 *
 * @param guards what watches the memory around its blocks, where memory has addresses
 */
export function checkCalls(device: Backend, guards: Guards | null): void {
  const places = new Places();

  const check = (primitive: Primitive, args: readonly unknown[]): readonly Operand[] => {
    const call = new Call(primitive);
    const operands = operandsOf(primitive, args);
    places.check(call, primitive, operands);
    (RULES[primitive].check as Checks)(call, ...args);
    for (const { name, tensor } of operands) {
      call.expect(device.dtypes.includes(tensor.dtype), () => `${name} is ${tensor.dtype}, which the device has not`);
    }
    return operands;
  };
  const enter = (call: string, primitive: Primitive, operands: readonly Operand[]): void => {
    const filled = operands.filter((operand) => isFilled(primitive, operand));
    guards?.enter(call, filled.map(memoryOf));
  };
  const leave = (primitive: Primitive, operands: readonly Operand[]): void => {
    guards?.leave(operands.map(memoryOf));
    device.verify?.(primitive);
  };

  const primitives = wrapPrimitives(device, (primitive, args, run) => {
    const operands = check(primitive, args);
    enter(primitive, primitive, operands);
    run(args);
    leave(primitive, operands);
  });

  /** A prepared call with its operands: those that it read when it was prepared may be gone. */
  const checked = (primitive: 'conv2d' | 'matmul', args: readonly unknown[], call: PreparedCall): PreparedCall => {
    const [weight, bias] = primitive === 'conv2d' ? [args[1], args[2]] : [args[1], (args[3] as { bias?: Tensor }).bias];
    const isRead = ({ tensor }: Operand) =>
      tensor === weight ? call.readsWeight : tensor === bias ? call.readsBias : true;
    const { algorithm, bytes, readsWeight, readsBias } = call;
    return {
      algorithm,
      bytes,
      readsWeight,
      readsBias,
      run() {
        const operands = operandsOf(primitive, args).filter(isRead);
        places.check(new Call(primitive), primitive, operands);
        enter(`${primitive}, prepared (${algorithm})`, primitive, operands);
        call.run();
        leave(primitive, operands);
      },
      free: () => call.free(),
    };
  };
  const prepareConv2d = device.prepareConv2d?.bind(device);
  const prepareMatmul = device.prepareMatmul?.bind(device);
  const free = device.free.bind(device);
  const slice = device.slice?.bind(device);
  replaceEntries(device, {
    ...primitives,
    ...(prepareConv2d && {
      prepareConv2d(...args) {
        check('conv2d', args.slice(0, 6));
        return checked('conv2d', args.slice(0, 6), prepareConv2d(...args));
      },
    }),
    ...(prepareMatmul && {
      prepareMatmul(...args) {
        check('matmul', args.slice(0, 4));
        return checked('matmul', args.slice(0, 4), prepareMatmul(...args));
      },
    }),
    free(memory) {
      free(memory);
      places.markFreed(memory);
    },
    ...(slice && {
      slice(memory, byteOffset, size, dtype) {
        const part = slice(memory, byteOffset, size, dtype);
        places.addPart(part, memory, byteOffset);
        return part;
      },
    }),
  });
}
