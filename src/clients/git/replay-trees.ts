import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree, TreeEntry, TreeReader } from '../../api/readers.ts';
import { isBelow } from './git-tree.ts';
import { blobId } from './object-id.ts';
import { describeRequest, parseRecording, requestKey, type TreeRecording } from './tree-recording.ts';

const MAX_RECORDING_BYTES = 64 * 1024 * 1024;
const MAX_RECORDINGS = 10_000;

/** Git's own id for no object: a recording has no ids for files that were not read. */
const NO_OBJECT = '0'.repeat(40);

/**
 * Answers from the recordings of a folder, without any network. Repeated requests are answered in the order of
 * the files' names, and the last one sticks.
 */
export function replayTrees(folder: string): TreeReader {
  let recordings: Promise<Map<string, TreeRecording[]>> | undefined;
  return {
    async open(repository, signal) {
      signal.throwIfAborted();
      recordings ??= readRecordings(folder);
      const request = describeRequest(repository);
      const left = (await recordings).get(requestKey(request));
      const recording = left && left.length > 1 ? left.shift() : left?.[0];
      if (!recording) {
        const { url, ref } = request.git;
        throw new Error(`no recording in ${folder} answers ${url} at ${Object.values(ref).join()}`);
      }
      return replayTree(recording, folder);
    },
  };
}

/** All recordings by what was asked, each in the order of their numbers. */
async function readRecordings(folder: string): Promise<Map<string, TreeRecording[]>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  if (names.length > MAX_RECORDINGS) throw new Error(`${folder} has more than ${MAX_RECORDINGS} recordings`);
  const recordings = new Map<string, TreeRecording[]>();
  for (const name of names) {
    const recording = await readRecording(join(folder, name));
    if (!recording) continue;
    const key = requestKey(recording.request);
    recordings.set(key, [...(recordings.get(key) ?? []), recording]);
  }
  return recordings;
}

/** Undefined for a recording of another kind. */
async function readRecording(file: string): Promise<TreeRecording | undefined> {
  if ((await stat(file)).size > MAX_RECORDING_BYTES)
    throw new Error(`recording ${file} is bigger than ${MAX_RECORDING_BYTES} bytes`);
  const text = await readFile(file, 'utf8');
  try {
    return parseRecording(text);
  } catch (error) {
    throw new Error(`recording ${file} is broken: ${(error as Error).message}`, { cause: error });
  }
}

/** Gives only what was recorded: a file that nobody read then cannot be read now. */
function replayTree({ response }: TreeRecording, folder: string): Tree {
  const texts = new Map(Object.entries(response.files));
  const entries = response.entries.map((entry): TreeEntry => {
    const text = texts.get(entry.path);
    return { ...entry, oid: text === undefined ? NO_OBJECT : blobId(text, 'sha1') };
  });
  return {
    commit: response.commit,
    async list(signal, prefix = '') {
      signal.throwIfAborted();
      return entries.filter((entry) => isBelow(entry.path, prefix));
    },
    async read(paths, signal) {
      signal.throwIfAborted();
      return new Map(
        paths.map((path) => {
          const text = texts.get(path);
          if (text === undefined)
            throw new Error(`no recording in ${folder} has file ${JSON.stringify(path)}`);
          return [path, Buffer.from(text)];
        }),
      );
    },
  };
}
