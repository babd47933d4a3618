/** The surroundings of a recorded training: its files, its terminal and its clock. */
import { KeyError, type training } from 'rensa';

/** In the recorded runs an iteration takes a quarter of a second. */
const MILLISECONDS = 250;

/** The files of a training, in memory. */
export class Files implements training.OutputDirectory {
  readonly #files = new Map<string, Uint8Array>();

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(name, bytes);
  }

  async read(name: string): Promise<Uint8Array> {
    const bytes = this.#files.get(name);
    if (!bytes) throw new KeyError(`there is no file ${name}`);
    return bytes;
  }

  async list(): Promise<training.OutputFile[]> {
    return [...this.#files.keys()].map((name, modified) => ({ name, modified }));
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }
}

/** What goes to a terminal. */
export class Terminal implements training.TextOutput {
  readonly isTTY = true;
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

/** Runs a training by the clock of the recorded ones. */
export async function runByRecordedClock(trainer: training.Trainer): Promise<void> {
  const clock = Object.getOwnPropertyDescriptor(performance, 'now');
  let milliseconds = 0;
  Object.defineProperty(performance, 'now', { configurable: true, value: () => milliseconds });
  const tick = () => {
    milliseconds += MILLISECONDS;
  };
  try {
    await trainer.extend(tick, { name: 'tick', priority: 1000 }).run();
  } finally {
    if (clock) Object.defineProperty(performance, 'now', clock);
    else Reflect.deleteProperty(performance, 'now');
  }
}
