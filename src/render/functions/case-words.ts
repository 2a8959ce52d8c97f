type WordKind = 'connector' | 'punctuation' | 'upper' | 'letters' | 'number' | 'other' | 'end';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly rest: string;
}

const CONNECTORS = /^[-_\s]+/u;
const PUNCTUATION = /^\p{P}+/u;
const UPPER = /^\p{Lu}/u;
const LETTERS = /^[\p{Ll}\p{Lt}]+/u;
const NUMBERS = /^\p{N}+/u;
const OTHER = /^[^-_\s\p{Lu}\p{Ll}\p{Lt}\p{N}\p{P}]+/u;

/** snakecase and kebabcase: words in lower case with a connector between them. */
export function separateWords(text: string, connector: string): string {
  let out = '';
  let word = nextWord(text);
  while (word.rest !== '') {
    if (word.kind !== 'connector') out += render(word, connector);
    const before = word;
    word = nextWord(word.rest);
    if (before.kind === 'connector') out += render(before, connector);
    else if (before.kind === 'number') [out, word] = joinAfterNumber(out, word, connector);
    else if (before.kind !== 'punctuation') [out, word] = joinAfterWord(out, word, connector);
  }
  return out + render(word, connector);
}

/** camelcase: connectors go, and what follows one begins in upper case. */
export function camelCase(text: string): string {
  const lead = CONNECTORS.exec(text)?.[0] ?? '';
  const characters = [...text.slice(lead.length)];
  const [first, ...rest] = characters;
  if (first === undefined) return lead;
  let out = lead;
  let before = first.toUpperCase();
  for (const char of rest) {
    const isConnector = CONNECTORS.test(char);
    const followsConnector = CONNECTORS.test(before);
    if (!followsConnector || isConnector) out += before;
    if (isConnector && followsConnector) {
      before = char;
      continue;
    }
    before = followsConnector ? char.toUpperCase() : char.toLowerCase();
  }
  return out + before;
}

/** Letters and numbers after a number belong to it. */
function joinAfterNumber(start: string, first: Word, connector: string): [string, Word] {
  let out = start;
  let word = first;
  while (word.kind === 'letters' || word.kind === 'number') {
    out += render(word, connector);
    word = nextWord(word.rest);
  }
  return [needsConnector(word) && word.kind !== 'end' ? out + connector : out, word];
}

function joinAfterWord(start: string, next: Word, connector: string): [string, Word] {
  if (next.kind !== 'number') return [needsConnector(next) ? start + connector : start, next];
  if (next.rest === '') return [start, next];
  const after = nextWord(next.rest);
  if (after.kind !== 'letters') {
    const out = start + render(next, connector);
    return [needsConnector(after) ? out + connector : out, after];
  }
  return joinAfterNumber(start + connector + render(next, connector), after, connector);
}

function needsConnector(word: Word): boolean {
  return word.kind !== 'connector' && word.kind !== 'punctuation';
}

function render(word: Word, connector: string): string {
  if (word.kind === 'connector') return connector.repeat([...word.text].length);
  return word.text.toLowerCase();
}

function nextWord(text: string): Word {
  if (text === '') return { kind: 'end', text: '', rest: '' };
  if (UPPER.test(text)) return word('upper', text, upperWord(text));
  const kinds: readonly [WordKind, RegExp][] = [
    ['connector', CONNECTORS],
    ['punctuation', PUNCTUATION],
    ['letters', LETTERS],
    ['number', NUMBERS],
    ['other', OTHER],
  ];
  for (const [kind, pattern] of kinds) {
    const match = pattern.exec(text);
    if (match) return word(kind, text, match[0]);
  }
  return word('other', text, [...text][0] as string);
}

/** `HTTPStatus` is `HTTP` and `Status`: the last capital belongs to the word that follows. */
function upperWord(text: string): string {
  const capitals = /^\p{Lu}+/u.exec(text)?.[0] as string;
  const characters = [...capitals];
  const next = text.slice(capitals.length);
  if (characters.length === 1) return capitals + (LETTERS.exec(next)?.[0] ?? '');
  return LETTERS.test(next) ? characters.slice(0, -1).join('') : capitals;
}

function word(kind: WordKind, text: string, match: string): Word {
  return { kind, text: match, rest: text.slice(match.length) };
}
