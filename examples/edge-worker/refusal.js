/** A request that is not served: the status, the reason, and headers that tell the client what it may do instead. */
export class Refusal extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** What a request said, short enough to be quoted in an answer. */
export const quoted = (text) => `'${text.length > 100 ? `${text.slice(0, 100)}…` : text}'`;
