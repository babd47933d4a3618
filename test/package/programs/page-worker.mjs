/** For workers of a page: says what is learned, then ends. */
import { learn } from './learn.mjs';

postMessage(await learn());
close();
