/** Names that the parts of Berth's own target share. */
export const region = 'bench';
export const agent = 'stub';
