const MAX_GLOB_LENGTH = 1024;

/** Each `**` multiplies the ways to read a path. */
const MAX_GLOBSTARS = 8;

/** One character of a name's pattern. */
type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'char'; readonly char: string }
  | {
      readonly kind: 'set';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** One name of a pattern, or `**`. */
type Part = 'globstar' | readonly Token[];

/**
 * Compiles a glob for paths with `/`: `*` and `?` stay within one name, `**` stands for any number of folders,
 * `[a-z]` and `[^a-z]` for one character, `\` takes the next character literally; nothing else is special. A
 * name that begins with a dot is matched only by a pattern that begins with that dot, unless `dot` is set. Without
 * `globstar`, `**` is two stars, as in Go's filepath.Match. The matcher never backtracks, so its time is bounded by
 * the lengths of glob and path. Throws for a broken glob.
 */
export function compileGlob(glob: string, { dot = false, globstar = true } = {}): (path: string) => boolean {
  if (glob.length > MAX_GLOB_LENGTH) throw new Error(`a glob is longer than ${MAX_GLOB_LENGTH} characters`);
  const names = glob
    .replace(/^(\.\/+)+/, '')
    .replace(/\/+$/, '')
    .split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    throw new Error(`glob ${JSON.stringify(glob)} must be a relative path without empty names, "." and ".."`);
  const isGlobstar = (name: string): boolean => globstar && name === '**';
  if (names.filter(isGlobstar).length > MAX_GLOBSTARS)
    throw new Error(`glob ${JSON.stringify(glob)} has more than ${MAX_GLOBSTARS} "**"`);
  const parts = names.map((name): Part => (isGlobstar(name) ? 'globstar' : parseName(name, glob)));
  return (path) => matchParts(parts, path.split('/'), dot);
}

/** Which prefixes of the pattern match the names so far; a row for each name, as in a regular expression's NFA. */
function matchParts(parts: readonly Part[], names: readonly string[], dot: boolean): boolean {
  let row = skipGlobstars(parts, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const at of row) {
      const part = parts[at];
      if (part === 'globstar') {
        if (dot || !name.startsWith('.')) next.add(at);
      } else if (part !== undefined && matchName(part, name, dot)) next.add(at + 1);
    }
    row = skipGlobstars(parts, next);
  }
  return row.has(parts.length);
}

/** A globstar may stand for no folder at all. */
function skipGlobstars(parts: readonly Part[], row: Set<number>): Set<number> {
  for (const at of row) if (parts[at] === 'globstar') row.add(at + 1);
  return row;
}

/** Goes back to the last star only: a star before it can be as short as it was found. */
function matchName(tokens: readonly Token[], name: string, dot: boolean): boolean {
  const [first] = tokens;
  const namesDot = first?.kind === 'char' && first.char === '.';
  if (name.startsWith('.') && !namesDot && !dot) return false;
  const chars = [...name];
  let [token, char, star, retry] = [0, 0, -1, 0];
  while (char < chars.length) {
    if (tokens[token]?.kind === 'star') {
      star = token++;
      retry = char;
    } else if (matchToken(tokens[token], chars[char] as string)) {
      token++;
      char++;
    } else if (star >= 0) {
      token = star + 1;
      char = ++retry;
    } else return false;
  }
  while (tokens[token]?.kind === 'star') token++;
  return token === tokens.length;
}

/** Whether a token takes this one character. */
function matchToken(token: Token | undefined, char: string): boolean {
  if (token === undefined || token.kind === 'star') return false;
  if (token.kind === 'any') return true;
  if (token.kind === 'char') return token.char === char;
  return token.ranges.some(([from, to]) => from <= char && char <= to) !== token.negated;
}

/** A broken pattern is an error; read as text it would silently match nothing. */
function parseName(name: string, glob: string): Token[] {
  const chars = [...name];
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*') tokens.push({ kind: 'star' });
    else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const { token, end } = parseSet(chars, at + 1, glob);
      tokens.push(token);
      at = end;
    } else if (char === '\\') tokens.push({ kind: 'char', char: chars[++at] ?? broken(glob) });
    else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

/** Reads `^a-z0]` from behind the bracket; gives the place of the closing one. */
function parseSet(chars: readonly string[], start: number, glob: string): { token: Token; end: number } {
  const negated = chars[start] === '^';
  const ranges: [string, string][] = [];
  let at = negated ? start + 1 : start;
  const next = (): string => {
    if (chars[at] === '\\') at++;
    return chars[at++] ?? broken(glob);
  };
  while (chars[at] !== ']' || ranges.length === 0) {
    if (chars[at] === ']' || chars[at] === '-') broken(glob);
    const from = next();
    let to = from;
    if (chars[at] === '-') {
      at++;
      if (chars[at] === ']') broken(glob);
      to = next();
    }
    ranges.push([from, to]);
  }
  return { token: { kind: 'set', negated, ranges }, end: at };
}

function broken(glob: string): never {
  throw new Error(`glob ${JSON.stringify(glob)} has an unfinished "[" or "\\"`);
}
