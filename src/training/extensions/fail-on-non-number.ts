import { ValueError } from '../../errors.js';
import { Extension } from '../extension.js';
import type { Trainer } from '../trainer.js';

/**
 * Ends the training with an error as soon as an element of a parameter is not a finite number; follows
 * chainer.training.extensions.FailOnNonNumber. It reads all parameters. If that takes too long, give it a rarer trigger than every
 * iteration.
 */
export class FailOnNonNumber extends Extension {
  override readonly defaultName = 'FailOnNonNumber';

  /** @throws ValueError that names the parameter. */
  override async invoke({ updater }: Trainer): Promise<void> {
    for (const [name, { target }] of updater.getAllOptimizers()) {
      for (const [path, param] of target.namedParams(false)) {
        const data = await param.array.data();
        const at = data.findIndex((x) => !Number.isFinite(x));
        if (at >= 0) {
          throw new ValueError(
            `FailOnNonNumber: after update ${updater.iteration}, element ${at} of ${name}${path} is ${data[at]}`,
          );
        }
      }
    }
  }
}
