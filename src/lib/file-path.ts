import { createHash } from 'node:crypto';

/** The longest path, and the longest name in it, in UTF-8 bytes. */
const MAX_PATH_BYTES = 1024;
const MAX_NAME_BYTES = 255;

/** A default name beyond this is cut and gets a digest, so that no file system refuses it. */
const MAX_DEFAULT_NAME = 200;

/** Windows opens a device for these names, whatever their extension. */
const DEVICE_NAME = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

/** What is wrong with one name of a path; the first that matches is reported. */
const NAME_RULES: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /^$/, problem: 'has an empty name in it (a leading, trailing or double "/")' },
  { pattern: /^\.{1,2}$/, problem: 'is not normalised: "." and ".." are refused' },
  { pattern: /^\./, problem: 'has a name that begins with a dot; such names configure Git and other tools' },
  { pattern: /^-/, problem: 'has a name that begins with "-"' },
  { pattern: /[. ]$/, problem: 'has a name that ends with a dot or a space' },
  {
    pattern: /~\d/,
    problem: 'has a name that Windows may take for the short form of another, such as "git~1"',
  },
  { pattern: DEVICE_NAME, problem: 'has a name that is a device on Windows' },
];

/** What is wrong with a path as a whole. */
const PATH_RULES: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /^$/, problem: 'is empty' },
  { pattern: /[\p{Cc}\p{Zl}\p{Zp}]/u, problem: 'has a control character' },
  { pattern: /\p{Cs}/u, problem: 'is not valid Unicode' },
  {
    pattern: /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u,
    problem: 'has an invisible character, which some file systems ignore',
  },
  { pattern: /\\/, problem: 'has a backslash; separate folders with "/"' },
  { pattern: /[:*?"<>|]/, problem: 'has one of the characters : * ? " < > |' },
  { pattern: /^\//, problem: 'is absolute; it must be relative to the target' },
];

/**
 * Throws unless the path is one that every Git client and file system takes for the same harmless file:
 * relative, normalised, visible, no name that begins with a dot (so not Git's, nor the state's), no disguise.
 */
export function checkFilePath(path: string): void {
  const problem = findProblem(path);
  if (problem !== undefined) throw new Error(`file path ${quote(path)} ${problem}`);
}

/**
 * Checks each path, and that no two of them meet on a file system that ignores case: the same file, the same
 * folder in two spellings, or a file where another needs a folder.
 */
export function checkFilePaths(paths: readonly string[]): void {
  const seen = new Map<
    string,
    { readonly spelling: string; readonly path: string; readonly file: boolean }
  >();
  for (const path of paths) {
    checkFilePath(path);
    for (const spelling of prefixes(path)) {
      const file = spelling === path;
      const key = foldCase(spelling);
      const other = seen.get(key);
      if (other === undefined) seen.set(key, { spelling, path, file });
      else if (file || other.file || other.spelling !== spelling) throw collision(path, other);
    }
  }
}

/**
 * `<namespace>-<kind>-<name>.yaml` in lower case, without the namespace for cluster-scoped kinds. Any other
 * character than `a-z 0-9 . -` becomes `_<hex>_`, so that two names differ in their files too.
 */
export function defaultFileName(resource: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
}): string {
  const namespace = resource.metadata['namespace'];
  const parts = [resource.kind, resource.metadata.name];
  if (typeof namespace === 'string' && namespace !== '') parts.unshift(namespace);
  const full = parts.map(toSafeName).join('-').replace(/^[.-]/, escapeCharacter);
  if (full.length <= MAX_DEFAULT_NAME) return `${full}.yaml`;
  const digest = createHash('sha256').update(full).digest('hex').slice(0, 16);
  return `${full.slice(0, MAX_DEFAULT_NAME)}-${digest}.yaml`;
}

function findProblem(path: string): string | undefined {
  const whole = PATH_RULES.find(({ pattern }) => pattern.test(path));
  if (whole) return whole.problem;
  if (path !== path.normalize('NFC')) return 'is not in Unicode normal form C';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  for (const name of path.split('/')) {
    const rule = NAME_RULES.find(({ pattern }) => pattern.test(name));
    if (rule) return rule.problem;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES)
      return `has a name that is longer than ${MAX_NAME_BYTES} bytes`;
  }
  return undefined;
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function prefixes(path: string): string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().normalize('NFC');
}

function collision(path: string, other: { spelling: string; path: string }): Error {
  return new Error(
    `file paths ${quote(other.path)} and ${quote(path)} collide at ${quote(other.spelling)}: ` +
      'they are the same on a file system that ignores case, or one is a folder of the other',
  );
}

function toSafeName(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.-]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `_${(character.codePointAt(0) ?? 0).toString(16)}_`;
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 200 ? text : `${text.slice(0, 200)}...`);
}
