import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isObject, type JsonValue, parseJson } from '../lib/json.ts';
import { type KeptReference, packReference, readReference } from './kept-reference.ts';

/** The last good pass over a set. */
export interface Run {
  readonly generation: number;
  /** Milliseconds of the epoch; whole seconds are kept. */
  readonly at: number;
  /** What its passes had read by then; absent: not known, or too much to keep. */
  readonly references?: readonly KeptReference[];
}

/** What was kept cannot be read. */
export class CheckpointError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}

const VERSION = 1;
/** The newest runs that are kept: without references about 700 KiB. */
const MAX_RUNS = 30_000;
/** Of the MiB that a ConfigMap may have. */
const MAX_WRITTEN = 960 * 1024;
const MAX_PACKED = 1024 * 1024;
const MAX_TEXT = 8 * 1024 * 1024;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/**
 * The runs as base64 of gzipped JSON `{version, runs: {<uid>: [generation, seconds, references]}}`; the oldest are left
 * out beyond 30,000, and beyond what a ConfigMap may have.
 */
export async function packRuns(runs: ReadonlyMap<string, Run>): Promise<string> {
  const newest = [...runs].sort((a, b) => b[1].at - a[1].at).slice(0, MAX_RUNS);
  let kept = formatRuns(newest);
  for (;;) {
    const packed = await compress(`{"version":${VERSION},"runs":{${kept.join(',')}}}`);
    if (packed.length <= MAX_WRITTEN) return packed.toString('base64');
    kept = kept.slice(0, Math.floor(kept.length * 0.8));
  }
}

/** The members of the object of runs, as many as can be read again. */
function formatRuns(runs: readonly (readonly [string, Run])[]): string[] {
  const members: string[] = [];
  let size = 100;
  for (const [uid, { generation, at, references }] of runs) {
    const run = [generation, Math.floor(at / 1000), ...(references ? [references.map(packReference)] : [])];
    const member = `${JSON.stringify(uid)}:${JSON.stringify(run)}`;
    size += Buffer.byteLength(member) + 1;
    if (size > MAX_TEXT) break;
    members.push(member);
  }
  return members;
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
  const [generation, seconds, packed] = run;
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(seconds)) return [];
  const references = readReferences(packed);
  const known = { generation: Number(generation), at: Number(seconds) * 1000 };
  return [[uid, { ...known, ...(references && { references }) }]];
}

/** Undefined where one of them cannot be read: who follows only some of them misses changes. */
function readReferences(packed: JsonValue | undefined): KeptReference[] | undefined {
  if (!Array.isArray(packed)) return undefined;
  const references = packed.map(readReference).filter((reference) => reference !== undefined);
  return references.length === packed.length ? references : undefined;
}
