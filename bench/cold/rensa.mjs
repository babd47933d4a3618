/** From import to LeNet5's first answer: `rensa`. */
import { readFileSync } from 'node:fs';
import { np, readOnnx } from 'rensa';

const model = readOnnx(readFileSync(process.argv[2]));
console.log(JSON.stringify([...model(np.full([1, 1, 28, 28], 0.5)).dataSync()]));
