/** A request that is refused: the status, the reason, and headers that tell the client what it may do instead. */
export class Refusal extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** A text from a request, short enough to be quoted in a response. */
export const quoted = (text) => `'${text.length > 100 ? `${text.slice(0, 100)}…` : text}'`;
