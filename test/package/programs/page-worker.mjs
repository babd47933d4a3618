/** A worker of a page. It posts what learn.mjs gives, then ends. */
import { learn } from './learn.mjs';

postMessage(await learn());
close();
