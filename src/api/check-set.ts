import { checkTimeZone, parseCron } from '../lib/cron.ts';
import { parseDuration } from '../lib/duration.ts';
import { checkFilePath } from '../lib/file-path.ts';
import { checkRefName } from '../lib/git-ref.ts';
import { parseGitUrl } from '../lib/git-url.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { trimEndOf } from '../lib/trim-end.ts';
import { checkTune } from './check-tune.ts';
import { checkUsage } from './check-usage.ts';
import { type Problem, quote } from './problem.ts';
import type { Path } from './source.ts';

/** Bounds of every interval of a set, in the spelling that messages show. */
const MIN_INTERVAL = '5s';
const MAX_INTERVAL = '8760h';
/** A window that is longer would be open at the next day's time too. */
const MAX_WINDOW = '24h';

/** The rules that a JSON Schema cannot say. Values of the wrong type are passed over: the schema reports them. */
export function checkSet(set: JsonObject): Problem[] {
  const spec = objectAt(set, 'spec');
  return [
    ...checkIntervals(spec),
    ...checkSchedule(spec),
    ...checkNames(spec),
    ...checkTune(listAt(spec, 'tune')),
    ...(hasOwnDelimiters(set) ? [] : checkUsage(listAt(spec, 'tune'))),
    ...checkGitTarget(spec),
  ];
}

/** Whether its templates are written with other delimiters than `{{` and `}}`. */
function hasOwnDelimiters(set: JsonObject): boolean {
  const annotations = objectAt(objectAt(set, 'metadata'), 'annotations') ?? {};
  return Object.keys(annotations).some((key) => key.endsWith('/delimiters'));
}

/** A folder of a repository without the `./` and the final `/` that people write; `.` for its root. */
export function normaliseFolder(path: string): string {
  const bare = trimEndOf(path.replace(/^(\.\/+)+/, ''), '/');
  return bare === '' ? '.' : bare;
}

/** The interval of the set, and that of each generator that has one, whichever generator it is. */
function checkIntervals(spec: JsonObject | undefined): Problem[] {
  return [
    ...check(['spec', 'interval'], spec?.['interval'], checkInterval),
    ...checkEntryIntervals(spec, ['spec']),
  ];
}

/** Those of the entries under `generators`, of the set or of a generator that runs others. */
function checkEntryIntervals(parent: JsonObject | undefined, base: Path): Problem[] {
  return listAt(parent, 'generators').flatMap((entry, index) =>
    Object.entries(isObject(entry) ? entry : {}).flatMap(([name, generator]) => {
      if (!isObject(generator)) return [];
      const path = [...base, 'generators', index, name];
      return [
        ...check([...path, 'interval'], ownValue(generator, 'interval'), checkInterval),
        ...checkEntryIntervals(generator, path),
      ];
    }),
  );
}

/** Shorter intervals would be a load on others; what runs less than once a year is a mistake. */
function checkInterval(text: string): void {
  const interval = parseDuration(text);
  if (interval < parseDuration(MIN_INTERVAL)) throw new Error(`is ${text}, must be at least ${MIN_INTERVAL}`);
  if (interval > parseDuration(MAX_INTERVAL)) throw new Error(`is ${text}, must be at most ${MAX_INTERVAL}`);
}

/** The times of the schedule. An expression is checked also where its zone does not exist. */
function checkSchedule(spec: JsonObject | undefined): Problem[] {
  return listAt(spec, 'schedule').flatMap((entry, index) => {
    if (!isObject(entry)) return [];
    const base = ['spec', 'schedule', index];
    const timeZone = ownValue(entry, 'timeZone') ?? 'UTC';
    const inZone = check([...base, 'timeZone'], timeZone, checkTimeZone);
    const checkCron = (text: string) => parseCron(text, inZone.length === 0 ? String(timeZone) : 'UTC');
    return [
      ...check([...base, 'cron'], ownValue(entry, 'cron'), checkCron),
      ...inZone,
      ...check([...base, 'window'], ownValue(entry, 'window'), checkWindow),
    ];
  });
}

function checkWindow(text: string): void {
  if (parseDuration(text) > parseDuration(MAX_WINDOW)) {
    throw new Error(`is ${text}, must be at most ${MAX_WINDOW}; add an entry for each day instead`);
  }
}

/** A name that stands for two generators would name none. */
function checkNames(spec: JsonObject | undefined): Problem[] {
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, entry] of listAt(spec, 'generators').entries()) {
    const name = isObject(entry) ? ownValue(entry, 'name') : undefined;
    if (typeof name !== 'string') continue;
    const first = seen.get(name);
    const path = ['spec', 'generators', index, 'name'];
    if (first === undefined) seen.set(name, index);
    else problems.push({ path, message: `${quote(name)} is the name of spec.generators[${first}] too` });
  }
  return problems;
}

/** Local repositories are allowed here: whether they may be read depends on who runs the set. */
function checkGitTarget(spec: JsonObject | undefined): Problem[] {
  const git = objectAt(objectAt(spec, 'target'), 'git');
  if (!git) return [];
  const base = ['spec', 'target', 'git'];
  return [
    ...check([...base, 'url'], git['url'], (text) => parseGitUrl(text, { allowFile: true })),
    ...check([...base, 'branch'], git['branch'], (text) => checkRefName(text, 'branch')),
    ...check([...base, 'path'], git['path'], checkFolder),
    ...check([...base, 'push', 'branch'], objectAt(git, 'push')?.['branch'], (text) =>
      checkRefName(text, 'branch'),
    ),
  ];
}

function checkFolder(text: string): void {
  const folder = normaliseFolder(text);
  if (folder !== '.') checkFilePath(folder);
}

/** The error that a rule throws, as a problem of the field. */
function check(path: Path, value: JsonValue | undefined, rule: (text: string) => void): Problem[] {
  if (typeof value !== 'string') return [];
  try {
    rule(value);
    return [];
  } catch (error) {
    return [{ path, message: (error as Error).message }];
  }
}

function objectAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object && ownValue(object, key);
  return isObject(value) ? value : undefined;
}

function listAt(object: JsonObject | undefined, key: string): readonly JsonValue[] {
  const value = object && ownValue(object, key);
  return Array.isArray(value) ? value : [];
}
