import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalRepository, runLocal } from './local-git.ts';
import { formatOf } from './object-id.ts';

/** A commit to be made on another, without a work tree. Paths were checked before. */
export interface CommitRequest {
  /** The parent; undefined for the first commit of a repository. */
  readonly parent?: string;
  /** New contents by path from the root of the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
  readonly message: string;
  readonly author: Author;
}

/** Who makes a commit. */
interface Author {
  readonly name: string;
  readonly email: string;
}

/** Some servers refuse longer messages, and nobody reads them. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** Writes blobs, tree and commit into a prepared repository. Undefined when the parent has the very same tree. */
export async function writeCommit(
  at: LocalRepository,
  request: CommitRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const env = { GIT_INDEX_FILE: join(at.gitDir, 'index') };
  const run = async (args: readonly string[], input?: string): Promise<string> => {
    const options = { signal, env, ...(input !== undefined && { input: Buffer.from(input) }) };
    return (await runLocal(at, args, options)).toString('utf8').trim();
  };
  const { parent } = request;
  if (parent !== undefined) await run(['read-tree', parent]);
  const oids = await writeBlobs(at, [...request.files.values()], signal);
  await run(['update-index', '-z', '--index-info'], indexInfo(request, oids));
  const tree = await run(['write-tree']);
  if (parent !== undefined && tree === (await run(['rev-parse', '--verify', `${parent}^{tree}`])))
    return undefined;
  return (await writeCommitObject(at, { ...request, tree }, signal)).trim();
}

/** A message that can hold no control character, no forged end and no more than 64 KiB. */
function cleanMessage(message: string): string {
  const text = message
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu, ' ')
    .trim();
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_MESSAGE_BYTES) return `${text}\n`;
  return `${new TextDecoder().decode(bytes.subarray(0, MAX_MESSAGE_BYTES), { stream: true })}\n[cut]\n`;
}

/** A name or address as a commit can hold it: one line without angle brackets. */
export function cleanIdentity(text: string): string {
  return text
    .replace(/[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 200);
}

/** One process for any number of files; they are handed over under numbers, so no name of ours is read. */
async function writeBlobs(
  { gitDir }: LocalRepository,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (texts.length === 0) return [];
  const folder = join(gitDir, 'blobs');
  await mkdir(folder);
  for (const [index, text] of texts.entries()) await writeFile(join(folder, String(index)), text);
  const names = texts.map((_, index) => `${index}\n`).join('');
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const output = await runLocal({ gitDir, folder }, args, { signal, input: Buffer.from(names) });
  return output.toString('latin1').trim().split('\n');
}

/** Lines for `update-index --index-info`: mode 0 removes. Nothing becomes executable or a link. */
function indexInfo({ files, removed, parent }: CommitRequest, oids: readonly string[]): string {
  const none = '0'.repeat(parent !== undefined && formatOf(parent) === 'sha256' ? 64 : 40);
  const removals = removed.map((path) => `0 ${none}\t${path}\0`);
  const additions = [...files.keys()].map((path, index) => `100644 ${oids[index]}\t${path}\0`);
  return [...removals, ...additions].join('');
}

/** The message comes over standard input, so that nothing in it can be an option. */
async function writeCommitObject(
  at: LocalRepository,
  { tree, parent, message, author }: CommitRequest & { tree: string },
  signal: AbortSignal,
): Promise<string> {
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  const parents = parent === undefined ? [] : ['-p', parent];
  const input = Buffer.from(cleanMessage(message));
  const output = await runLocal(at, ['commit-tree', tree, ...parents, '-F', '-'], { signal, env, input });
  return output.toString('latin1');
}
