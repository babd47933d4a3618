/**
 * Kernels that look like any others and divide what they are called for among a team: the families of the backend, which
 * hand them addresses and records, need not know. Work that is too small stays with the caller. Where the order of a sum
 * does not depend on the division, and it does in none of them, results are those of one thread to the last bit.
 */
import type { Heap } from '../heap.js';
import type { Kernels } from '../loader.js';
import type { Blocking } from '../machine.js';
import { divideConvolutions } from './convolutions.js';
import { Parts } from './parts.js';
import { dividePlanes } from './planes.js';
import { divideProducts } from './products.js';
import { MOST_PARTS } from './protocol.js';
import { divideRanges } from './ranges.js';
import { Room } from './room.js';
import type { Team } from './team.js';
import { divideWinograd } from './winograd.js';
import { Workspaces } from './workspaces.js';

/** Kernels that divide, and the end of what they need for it. */
export interface DividedKernels {
  readonly kernels: Kernels;
  free(): void;
}

/** Kernels that divide where they can, and are as they were where not. */
export function divideKernels(kernels: Kernels, team: Team, heap: Heap, blocking: Blocking): DividedKernels {
  const workspaces = new Workspaces(heap);
  const room = roomBeside(workspaces, heap);
  const parts = new Parts(team, heap, room, workspaces);
  return {
    kernels: {
      ...kernels,
      ...divideRanges(team),
      ...dividePlanes(team, heap, room),
      ...divideProducts(parts, blocking),
      ...divideConvolutions(parts, blocking),
      ...divideWinograd(parts, blocking),
    },
    free() {
      room.free();
      workspaces.free();
    },
  };
}

/** Room for records; where memory is short, the workspaces are given back. */
function roomBeside(workspaces: Workspaces, heap: Heap): Room {
  try {
    return new Room(heap, MOST_PARTS);
  } catch (error) {
    workspaces.free();
    throw error;
  }
}
