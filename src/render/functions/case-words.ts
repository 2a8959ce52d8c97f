import { lowerCharacter, upperCharacter } from './letters.ts';
import { SPACES } from './white-space.ts';

type WordKind = 'connector' | 'punctuation' | 'upper' | 'letters' | 'number' | 'other' | 'end';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly rest: string;
}

/** Letters of Chinese and Japanese words, which have no case. */
const IDEOGRAPH = '\\u4e00-\\u9fcc\\u3400-\\u4d85\\u{20000}-\\u{2b81d}';

const CONNECTORS = new RegExp(`^[-_${SPACES}]+`, 'u');
const PUNCTUATION = /^\p{P}+/u;
const UPPER = /^\p{Lu}/u;
const LETTERS = new RegExp(`^(?:(?![${IDEOGRAPH}\\p{Lu}])\\p{L})+`, 'u');
const NUMBERS = /^\p{N}+/u;
const OTHER = new RegExp(`^(?:(?![-_${SPACES}\\p{N}\\p{P}])(?:[${IDEOGRAPH}]|\\P{L}))+`, 'u');

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

/** camelcase: connectors go, and what follows one begins in upper case. Those at the start stay. */
export function camelCase(text: string): string {
  const characters = [...text];
  const start = characters.findIndex((char) => !CONNECTORS.test(char));
  // With nothing but connectors the last one is written twice, as Sprig's library does.
  if (start < 0) return text + (characters.at(-1) ?? '');
  let out = characters.slice(0, start).join('');
  let before = upperCharacter(characters[start] as string);
  for (const char of characters.slice(start + 1)) {
    const isConnector = CONNECTORS.test(char);
    const followsConnector = CONNECTORS.test(before);
    if (!followsConnector || isConnector) out += before;
    if (isConnector && followsConnector) before = char;
    else before = followsConnector ? upperCharacter(char) : lowerCharacter(char);
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
  if (word.kind !== 'upper') return word.text;
  return word.text.replace(/\p{Lu}/gu, lowerCharacter);
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
