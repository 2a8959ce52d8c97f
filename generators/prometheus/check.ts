import { FIELD_PATTERN } from '../../src/api/patterns.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { checkPromql, promqlType } from '../../src/lib/promql.ts';
import type { SpecMistake } from '../generator.ts';
import { checkHeaders } from './check-headers.ts';
import { checkUrl } from './check-url.ts';
import { queriesOf } from './queries.ts';
import { selectorsOf } from './sample-age.ts';
import type { PrometheusSpec } from './schema.ts';

/** Milliseconds; a query that needs longer holds up every other change of its set. */
const MAX_TIMEOUT = 10 * 60 * 1000;
/** Prometheus' own bound of the values of one series. */
const MAX_POINTS = 11_000;
/** Each is one more query at every pass. */
const MAX_SELECTORS = 10;
/** Characters of all queries together; parsing takes its time. */
const MAX_PROMQL = 65_536;
/** Elements have these fields already. */
const TAKEN = ['metric', 'timestamp', '__proto__'];

/** The mistakes in a spec that its schema cannot say. */
export function checkSpec(spec: PrometheusSpec): SpecMistake[] {
  const promql = checkQueries(spec);
  return [
    ...checkUrl(spec.url),
    ...checkNames(spec),
    ...promql,
    ...checkHeaders(spec),
    ...checkTimes(spec),
    ...checkExpect(spec),
    ...(promql.length === 0 ? checkSampleAge(spec) : []),
  ];
}

/** Each text must be PromQL that gives numbers. */
function checkQueries(spec: PrometheusSpec): SpecMistake[] {
  const { freshness } = spec;
  const queries = queriesOf(spec);
  const length = [...queries.map(({ promql }) => promql), freshness ?? ''].join('').length;
  if (length > MAX_PROMQL) {
    return [{ path: ['queries'], message: `are longer than ${MAX_PROMQL} characters together` }];
  }
  return [
    ...queries.flatMap(({ path, promql }) => checkQuery(path, promql, spec.range)),
    ...(freshness === undefined ? [] : checkQuery(['freshness'], freshness)),
  ];
}

function checkQuery(path: readonly string[], promql: string, range?: PrometheusSpec['range']): SpecMistake[] {
  const mistake = checkPromql(promql);
  if (mistake) return [{ path, ...mistake }];
  const type = promqlType(promql);
  if (type === 'string') return [{ path, message: 'gives a text, not a number' }];
  if (type === 'matrix') {
    const message = `gives a range of samples, not one number a series; aggregate it, for example with max_over_time(...)`;
    return [{ path, message: path[0] === 'query' ? `${message}, or set range` : message }];
  }
  if (type === 'scalar' && range) {
    return [
      { path, message: 'gives one number without labels, which has no range; write vector(...) around it' },
    ];
  }
  return [];
}

/** The names of queries become fields of the element. */
function checkNames({ queries, joinOn }: PrometheusSpec): SpecMistake[] {
  if (queries === undefined) {
    return joinOn === undefined ? [] : [{ path: ['joinOn'], message: 'joins queries; with query remove it' }];
  }
  return Object.keys(queries).flatMap((name) => {
    const path = ['queries', name];
    if (TAKEN.includes(name))
      return [{ path, message: 'is a field of every element; name the query otherwise' }];
    if (new RegExp(FIELD_PATTERN).test(name) && name.length <= 63) return [];
    return [{ path, message: 'must be a name of letters, digits and "_", such as memory' }];
  });
}

function checkTimes({ timeout, range, maxSampleAge }: PrometheusSpec): SpecMistake[] {
  return [
    ...checkDuration(['timeout'], timeout, (time) =>
      time > 0 && time <= MAX_TIMEOUT ? undefined : 'must be longer than 0s and at most 10m',
    ),
    ...checkDuration(['maxSampleAge'], maxSampleAge, (time) =>
      time >= 1000 ? undefined : 'must be at least 1s',
    ),
    ...checkDuration(['range', 'step'], range?.step, (time) =>
      time >= 1000 ? undefined : 'must be at least 1s',
    ),
    ...checkDuration(['range', 'last'], range?.last, (time) => checkLast(time, range?.step ?? '1s')),
  ];
}

function checkLast(last: number, step: string): string | undefined {
  const points = last / parseDuration(step);
  if (points < 1) return 'must be at least as long as step';
  return points > MAX_POINTS ? `has more than ${MAX_POINTS} steps; make step longer` : undefined;
}

function checkDuration(
  path: readonly string[],
  text: string | undefined,
  rule: (milliseconds: number) => string | undefined,
): SpecMistake[] {
  if (text === undefined) return [];
  try {
    const message = rule(parseDuration(text));
    return message === undefined ? [] : [{ path, message: `${text} ${message}` }];
  } catch (error) {
    return [{ path, message: (error as Error).message }];
  }
}

function checkExpect({ expect }: PrometheusSpec): SpecMistake[] {
  if (expect?.min === undefined || expect.max === undefined || expect.min <= expect.max) return [];
  return [{ path: ['expect', 'max'], message: `is ${expect.max}, less than min ${expect.min}` }];
}

/** Without selectors nothing tells how old the samples are. */
function checkSampleAge(spec: PrometheusSpec): SpecMistake[] {
  const { maxSampleAge, freshness } = spec;
  if (freshness !== undefined) {
    const message = 'needs maxSampleAge, which says how old the newest sample may be';
    return maxSampleAge === undefined ? [{ path: ['freshness'], message }] : [];
  }
  if (maxSampleAge === undefined) return [];
  const path = ['maxSampleAge'];
  const count = selectorsOf(spec).length;
  if (count === 0) {
    return [{ path, message: 'cannot be known: no query selects series; give freshness, or remove it' }];
  }
  if (count <= MAX_SELECTORS) return [];
  const message = `the queries have ${count} selectors, at most ${MAX_SELECTORS} are asked for their age; give freshness`;
  return [{ path, message }];
}
