import type { RepositoryRef, TreeEntry } from '../../api/readers.ts';
import { normaliseGitUrl, parseGitUrl } from '../../lib/git-url.ts';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  ownValue,
  parseJson,
  stringifyJson,
} from '../../lib/json.ts';
import { objectField, objectsField, textField } from '../../lib/json-fields.ts';

/** What was read of one commit of a repository. No credentials, no object ids: only what generators see. */
export interface TreeRecording {
  readonly request: { readonly git: { readonly url: string; readonly ref: RepositoryRef['ref'] } };
  readonly response: {
    readonly commit: string;
    readonly entries: readonly Pick<TreeEntry, 'path' | 'type' | 'size'>[];
    /** The texts of the files that were really read. */
    readonly files: Readonly<Record<string, string>>;
  };
}

/** The part of a recording that says what was asked, with the url as people may see it. */
export function describeRequest({ url, ref }: RepositoryRef): TreeRecording['request'] {
  const { branch, tag, commit } = ref;
  const asked = {
    ...(branch !== undefined && { branch }),
    ...(tag !== undefined && { tag }),
    ...(commit !== undefined && { commit }),
  };
  return { git: { url: parseGitUrl(url, { allowFile: true }).url, ref: asked } };
}

/** Equal for two requests that ask the same, however the url is spelled. */
export function requestKey({ git }: TreeRecording['request']): string {
  return JSON.stringify([normaliseGitUrl(git.url), git.ref.branch, git.ref.tag, git.ref.commit]);
}

/** The text of a recording's file. */
export function stringifyRecording(recording: TreeRecording): string {
  return `${stringifyJson(recording as unknown as JsonValue, 2)}\n`;
}

/** Reads a recording; undefined for one of something else, such as an HTTP request. */
export function parseRecording(text: string): TreeRecording | undefined {
  const value = parseJson(text);
  const request = isObject(value) ? ownValue(value, 'request') : undefined;
  const git = isObject(request) ? ownValue(request, 'git') : undefined;
  if (!isObject(value) || !isObject(git)) return undefined;
  const response = objectField(value, 'response');
  return {
    request: { git: { url: textField(git, 'url'), ref: readRef(git) } },
    response: {
      commit: textField(response, 'commit'),
      entries: readEntries(response),
      files: readFiles(response),
    },
  };
}

/** Recordings are written by hand too, for examples; so their form is checked. */
function readRef(git: JsonObject): RepositoryRef['ref'] {
  const ref = objectField(git, 'ref');
  const keys = Object.keys(ref);
  const [key = ''] = keys;
  if (keys.length !== 1 || !['branch', 'tag', 'commit'].includes(key))
    throw new Error('ref is not exactly one of branch, tag and commit');
  return { [key]: textField(ref, key) };
}

/** The listing; its order is the recording's. */
function readEntries(response: JsonObject): TreeRecording['response']['entries'] {
  return objectsField(response, 'entries').map((entry) => {
    const type = textField(entry, 'type');
    const size = ownValue(entry, 'size');
    if (!isType(type)) throw new Error(`an entry has the unknown type ${JSON.stringify(type)}`);
    return { path: textField(entry, 'path'), type, ...(typeof size === 'number' && { size }) };
  });
}

/** Own properties only: a path may be `constructor`. */
function readFiles(response: JsonObject): Record<string, string> {
  const files = ownValue(response, 'files') === undefined ? {} : objectField(response, 'files');
  return Object.fromEntries(Object.keys(files).map((path) => [path, textField(files, path)]));
}

function isType(text: string): text is TreeEntry['type'] {
  return ['file', 'directory', 'symlink', 'submodule'].includes(text);
}
