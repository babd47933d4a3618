/** What starting workerd costs. */
export default { fetch: () => Response.json([]) };
