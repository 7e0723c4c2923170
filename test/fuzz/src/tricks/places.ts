import type { Random } from '#kernel';
import { isLucky, oneOf } from './draw.js';
import { strangeText } from './values.js';

const GUID = '5f3c1d3e-7a0b-4a57-9a53-0c9f1a2b3c4d';

/** Valid values for path parameters that are not names of slots. */
const GOOD: Readonly<Record<string, string>> = {
  address: '192.0.2.1:7777',
  projectId: GUID,
  environmentId: GUID,
  fleetId: GUID,
  serverId: '141856373736764',
  buildId: '53623843177083',
  version: '2',
};

const ADDRESSES = [
  '192.0.2.2%3A7777',
  '[2001:db8::1]:7777',
  '%5B%3A%3A%5D:1',
  'game.example:7777',
  '192.0.2.1:0',
  '192.0.2.1:65536',
  '192.0.2.1:-1',
  '192.0.2.1:1e3',
  '192.0.2.1:',
  ':7777',
  '192.0.2.1',
  '[::1:7777',
  '192.0.2.1:7777:7777',
  '192.0.2.1:7777%00',
  '0300.0.2.1:7777',
  '169.254.169.254:80',
  `${'a'.repeat(300)}:1`,
];

const NAMES = [
  'local.machine.1',
  'local.machine',
  'local',
  GUID,
  '..',
  '%2e%2e',
  '%2f',
  '%00',
  ' ',
];

/** A route's path with a valid value for every parameter. */
export function plainPath(template: string): string {
  return filled(template, (name) => GOOD[name] ?? 'local.machine.1');
}

/** The same, but any parameter may have a wrong value. */
export function wrongPath(random: Random, template: string): string {
  const found = filled(template, (name) => {
    if (isLucky(random, 0.3)) return GOOD[name] ?? 'local.machine.1';
    if (isLucky(random, 0.2))
      return encodeURIComponent(Buffer.from(strangeText(random)).toString());
    return oneOf(random, name === 'address' ? ADDRESSES : NAMES);
  });
  return encodeURI(found).replaceAll('%25', '%');
}

function filled(template: string, fill: (name: string) => string): string {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => fill(name));
}
