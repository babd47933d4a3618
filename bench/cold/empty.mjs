/** What starting a runtime costs. */
export const answer = () => [];
