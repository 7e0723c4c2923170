import type { Random } from '#kernel';
import type { FuzzedRequest } from './fuzzed-request.js';
import type { Sample } from './operations.js';
import { brokenBody, changedBody, likelyBody } from './tricks/bodies.js';
import { isLucky, oneOf } from './tricks/draw.js';
import { plainPath, wrongPath } from './tricks/places.js';
import {
  rawRequest,
  strangeHeaders,
  strangeMethod,
  strangePath,
  strangeQuery,
} from './tricks/heads.js';

/** The probability of each trick; one request may combine several. */
const ODDS = {
  raw: 0.06,
  method: 0.06,
  path: 0.1,
  place: 0.1,
  query: 0.2,
  header: 0.2,
  broken: 0.15,
};

/** The share of bodies that are plausible, among those that are JSON. */
const LIKELY = 0.6;

/** A valid request with random changes. The same random numbers give the same request. */
export function fuzzedRequest(random: Random, samples: readonly Sample[]): FuzzedRequest {
  const sample = oneOf(random, samples);
  if (isLucky(random, ODDS.raw)) {
    return {
      ...plain(sample),
      tricks: ['raw'],
      raw: rawRequest(random, plainPath(sample.path)),
      isCutShort: true,
    };
  }
  let request = plain(sample);
  const play = (trick: string, change: Partial<FuzzedRequest>) => {
    request = { ...request, ...change, tricks: [...request.tricks, trick] };
  };
  if (isLucky(random, ODDS.method)) play('method', { method: strangeMethod(random) });
  if (isLucky(random, ODDS.place)) play('place', { path: wrongPath(random, sample.path) });
  if (isLucky(random, ODDS.path)) play('path', { path: strangePath(random, request.path) });
  if (isLucky(random, ODDS.query)) {
    play('query', { path: `${request.path}?${strangeQuery(random, sample.query)}` });
  }
  if (sample.body !== undefined || isLucky(random, 0.1)) {
    const [trick, make] = bodyTrick(random);
    play(trick, { body: make(random, sample.body) });
  }
  if (isLucky(random, ODDS.header)) {
    const headers = strangeHeaders(random);
    // With a wrong length, one side waits for the other.
    const isCutShort = headers.some(([name]) => /^(content-length|transfer-encoding)$/.test(name));
    play(`header ${headers.map(([name]) => name.slice(0, 20)).join(', ')}`, {
      headers,
      isCutShort,
    });
  }
  return request;
}

function bodyTrick(random: Random) {
  if (isLucky(random, ODDS.broken)) return ['broken body', brokenBody] as const;
  if (isLucky(random, LIKELY)) return ['likely body', likelyBody] as const;
  return ['changed body', changedBody] as const;
}

function plain({ method, path }: Sample): FuzzedRequest {
  return {
    tricks: [],
    method,
    path: plainPath(path),
    headers: [],
    body: null,
    isCutShort: false,
    raw: null,
  };
}
