/** A program that does nothing: the cost of starting a runtime. */
export const answer = () => [];
