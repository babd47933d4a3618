/**
 * Checked mode: compares every call of a device's primitives with the seam's rules, before and after the call. `init({ checked: true })`
 * and RENSA_CHECKED=1 load it.
 */

import type { Arguments } from '../arguments.js';
import type { Backend, PreparedCall } from '../backend.js';
import type { Guards } from '../guards.js';
import type { Memory, Primitive, Tensor } from '../primitives.js';
import { replaceEntries, wrapPrimitives } from '../wrapped.js';
import { Call } from './call.js';
import { isFilled, type Operand, operandsOf } from './operands.js';
import { Places } from './places.js';
import { RULES } from './rules.js';

const memoryOf = ({ tensor }: Operand): Memory => tensor.memory;

/**
 * Checks each later call of a device.
 *
 * @param guards the watch over the bytes around the device's blocks; null for a device without addresses
 */
export function checkCalls(device: Backend, guards: Guards | null): void {
  const places = new Places();

  const check = <P extends Primitive>(primitive: P, args: Arguments<P>): readonly Operand[] => {
    const call = new Call(primitive);
    const operands = operandsOf(primitive, args);
    places.check(call, primitive, operands);
    RULES[primitive].check(call, ...args);
    for (const { name, tensor } of operands) {
      call.expect(
        device.dtypes.includes(tensor.dtype),
        () => `${name} is ${tensor.dtype}, which the device does not hold`,
      );
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

  /** Checks the preparation of a call, and each of its runs. A weight or a bias that the call copied may have been freed. */
  const prepared = <P extends Primitive>(
    primitive: P,
    args: Arguments<P>,
    [weight, bias]: readonly [weight: Tensor, bias?: Tensor | null],
    prepare: () => PreparedCall,
  ): PreparedCall => {
    check(primitive, args);
    const call = prepare();
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
      prepareConv2d(x, w, bias, geometry, out, epilogue, format) {
        const prepare = () => prepareConv2d(x, w, bias, geometry, out, epilogue, format);
        return prepared('conv2d', [x, w, bias, geometry, out, epilogue], [w, bias], prepare);
      },
    }),
    ...(prepareMatmul && {
      prepareMatmul(a, b, out, options, format) {
        const prepare = () => prepareMatmul(a, b, out, options, format);
        return prepared('matmul', [a, b, out, options], [b, options.bias], prepare);
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
