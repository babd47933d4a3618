/** Hooks that are called around links: timers, and hooks that change the weights of a link while it runs. */
import type { Link } from './link.js';

/**
 * An object whose methods are called around the calls of links. {@link Link.addHook} adds it to one link, {@link usingLinkHook} to all
 * links while a function runs. Follows chainer.LinkHook.
 */
export interface LinkHook {
  /** The name, for {@link Link.deleteHook}. A link has at most one hook of a name. */
  readonly name: string;
  /** Called when the hook is added to a link. */
  added?(link: Link): void;
  /** Called when the hook is removed from a link. */
  deleted?(link: Link): void;
  /** Called before a link computes. */
  forwardPreprocess?(link: Link, args: readonly unknown[]): void;
  /** Called after a link has computed, or has thrown. */
  forwardPostprocess?(link: Link, args: readonly unknown[]): void;
}

const installed: LinkHook[] = [];

/** The hooks that are installed for all links, in the order of their installation. */
export function activeLinkHooks(): readonly LinkHook[] {
  return installed;
}

/** Runs `fn` with a hook installed for all links, and removes it, also when `fn` throws. */
export function usingLinkHook<T>(hook: LinkHook, fn: () => T): T {
  installed.push(hook);
  try {
    return fn();
  } finally {
    installed.splice(installed.lastIndexOf(hook), 1);
  }
}
