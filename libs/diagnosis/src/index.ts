/** What is wrong with an installation, and what to do about it: for `berth doctor` and the dashboard. */
export { findingsOf, type Findings, type Seen } from './findings.js';
export { isLost } from './seen.js';
