/** The program for runtimes with a console. */
import { learn } from './learn.mjs';

console.log(JSON.stringify(await learn()));
