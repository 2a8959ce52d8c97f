import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isObject, type JsonValue, parseJson } from '../lib/json.ts';

/** The last good pass over a set. */
export interface Run {
  readonly generation: number;
  /** Milliseconds of the epoch; whole seconds are kept. */
  readonly at: number;
}

/** What was kept cannot be read. */
export class CheckpointError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}

const VERSION = 1;
/** The newest runs that are kept: about 700 KiB of the MiB that a ConfigMap may have. */
const MAX_RUNS = 30_000;
const MAX_PACKED = 1024 * 1024;
const MAX_TEXT = 8 * 1024 * 1024;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** The runs as base64 of gzipped JSON `{version, runs: {<uid>: [generation, seconds]}}`; the oldest beyond 30,000 are left out. */
export async function packRuns(runs: ReadonlyMap<string, Run>): Promise<string> {
  const all = [...runs];
  const kept = all.length <= MAX_RUNS ? all : all.sort((a, b) => b[1].at - a[1].at).slice(0, MAX_RUNS);
  const entries = kept.map(([uid, { generation, at }]) => [uid, [generation, Math.floor(at / 1000)]]);
  const text = JSON.stringify({ version: VERSION, runs: Object.fromEntries(entries) });
  return (await compress(text)).toString('base64');
}

/** Reads what `packRuns` wrote. Throws a CheckpointError for anything else. */
export async function unpackRuns(packed: JsonValue): Promise<Map<string, Run>> {
  if (typeof packed !== 'string' || packed.length > 2 * MAX_PACKED)
    throw new CheckpointError('are no text of base64');
  const content = parse(await unzip(packed));
  if (!isObject(content) || content['version'] !== VERSION || !isObject(content['runs'])) {
    throw new CheckpointError(`are not of version ${VERSION}`);
  }
  return new Map(Object.entries(content['runs']).flatMap(([uid, run]) => readRun(uid, run)));
}

async function unzip(packed: string): Promise<string> {
  try {
    return (await expand(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_TEXT })).toString();
  } catch (error) {
    throw new CheckpointError('cannot be unpacked', { cause: error });
  }
}

function parse(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    throw new CheckpointError('are no JSON', { cause: error });
  }
}

/** An entry that is no run never happened. */
function readRun(uid: string, run: JsonValue): [string, Run][] {
  if (!Array.isArray(run)) return [];
  const [generation, seconds] = run;
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(seconds)) return [];
  return [[uid, { generation: Number(generation), at: Number(seconds) * 1000 }]];
}
