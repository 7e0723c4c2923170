import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { metricsOf } from '../../tidy/src/metrics-page.js';
import { NOT_IN_A_STORM } from './not-in-a-storm.js';

const rows = NOT_IN_A_STORM.map((row) => [row.service, row.name, row] as const);

describe('A metric that a storm does not bring about', () => {
  it.each(rows)('of the %s exists, and a spec gives it a value: %s', (service, name, { spec }) => {
    expect(metricsOf[service]?.map((metric) => metric.name)).toContain(name);
    expect(readFileSync(spec, 'utf8')).toContain(name);
  });
});
