/** Hooks that see links being called: timers, and changes of the weights a link computes with. */
import type { Link } from './link.js';

/**
 * Called around the forward computation of links; follows chainer.LinkHook. Added to one link by {@link Link.addHook}, or
 * for all links while a function runs by {@link usingLinkHook}.
 */
export interface LinkHook {
  /** The name by which a link knows the hook: one link has one of a name. */
  readonly name: string;
  /** When the hook is added to a link. */
  added?(link: Link): void;
  /** When the hook is taken off a link. */
  deleted?(link: Link): void;
  /** Before a link computes. */
  forwardPreprocess?(link: Link, args: readonly unknown[]): void;
  /** After a link has computed, or has failed to. */
  forwardPostprocess?(link: Link, args: readonly unknown[]): void;
}

const installed: LinkHook[] = [];

/** The hooks in force for all links, in the order they were installed. */
export function activeLinkHooks(): readonly LinkHook[] {
  return installed;
}

/** Runs `fn` with a hook in force for all links, and removes it, also when `fn` throws. */
export function usingLinkHook<T>(hook: LinkHook, fn: () => T): T {
  installed.push(hook);
  try {
    return fn();
  } finally {
    installed.splice(installed.lastIndexOf(hook), 1);
  }
}
