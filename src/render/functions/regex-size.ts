const COUNT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;

/** A group that is being read: how many atoms it has, and how many of them what comes last stands for. */
interface Group {
  readonly total: number;
  readonly last: number;
}

/**
 * About how many instructions a regular expression becomes: its characters and classes, as often as `{n}` repeats
 * them. It is known before anything is compiled; for a malformed pattern it is any number.
 */
export function estimateRegexSize(pattern: string): number {
  let group: Group = { total: 0, last: 0 };
  const outer: Group[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const count = countAt(pattern, at);
    if (count !== undefined) {
      group = repeat(group, count);
      at = COUNT.lastIndex - 1;
    } else if (pattern[at] === '(') {
      outer.push(group);
      group = { total: 0, last: 0 };
    } else if (pattern[at] === ')') {
      group = add(outer.pop() ?? { total: 0, last: 0 }, group.total + 1);
    } else {
      group = add(group, 1);
      at = endOfAtom(pattern, at);
    }
  }
  return outer.reduce((sum, { total }) => sum + total, group.total);
}

function add({ total }: Group, size: number): Group {
  return { total: total + size, last: size };
}

function repeat({ total, last }: Group, count: number): Group {
  return { total: total + last * Math.max(0, count - 1), last: last * count };
}

/** How often the repetition at an offset repeats, when there is one. */
function countAt(pattern: string, at: number): number | undefined {
  COUNT.lastIndex = at;
  const match = COUNT.exec(pattern);
  return match === null ? undefined : Math.max(Number(match[1]), Number(match[2] ?? 0));
}

/** The offset of the last character of an escape, a class, or one character. */
function endOfAtom(pattern: string, at: number): number {
  if (pattern[at] === '\\') return at + 1;
  if (pattern[at] !== '[') return at;
  // A bracket that comes first is a member of its class.
  let end = at + (pattern[at + 1] === '^' ? 3 : 2);
  while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1;
  return end;
}
