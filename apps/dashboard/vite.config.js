/** Every browser that has what the page uses knows `modulepreload`: it needs no stand-in for that. */
export default { build: { modulePreload: { polyfill: false } } };
