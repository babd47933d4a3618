/** A worker that does nothing: the cost of starting workerd. */
export default { fetch: () => Response.json([]) };
