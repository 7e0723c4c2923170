/** What the parts of Berth's own target agree on. */
export const region = 'bench';
export const agent = 'stub';
