import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { resolvePlainScalar } from './yaml-scalar.ts';

/** The text is no YAML, or YAML that is refused. Line and column count from 1. */
export class YamlError extends Error {
  readonly line: number;
  readonly column: number;
  readonly reason: string;

  constructor(reason: string, position: { line: number; column: number }) {
    super(`line ${position.line}, column ${position.column}: ${reason}`);
    this.name = 'YamlError';
    this.reason = reason;
    this.line = position.line;
    this.column = position.column;
  }
}

/** One document of a YAML text: its value, and the nodes and lines to find the place of any path. */
export interface YamlDocument {
  readonly value: JsonValue;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** What may be read; all that is beyond is refused. */
interface ReadLimits {
  /** Characters of the whole text. */
  readonly maxLength?: number;
  /** Documents, empty ones included. */
  readonly maxDocuments?: number;
  /** Nodes of all documents, those that aliases repeat included. */
  readonly maxNodes?: number;
}

/** How a text is read. */
export interface ReadOptions extends ReadLimits {
  /** Gives the value of plain scalars, in place of `resolvePlainScalar`. */
  readonly resolvePlain?: (text: string) => JsonValue;
  /** Reads as Kubernetes does in silence: the last of equal keys wins, and only the first document counts. */
  readonly isLenient?: boolean;
}

/** The state of reading one text. */
interface Reader {
  readonly lines: LineCounter;
  readonly maxNodes: number;
  readonly resolvePlain: (text: string) => JsonValue;
  readonly isLenient: boolean;
  /** Where the text ends within a line that says something; undefined when a line break ends it. */
  readonly openEnd: number | undefined;
  nodes: number;
  anchors: Map<string, Node>;
  /** Anchored nodes that are being read: an alias to one of them has no end. */
  open: Set<Node>;
}

const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_DOCUMENTS = 10_000;
const MAX_NODES = 100_000;
/** Pieces of text for each value that may be read, blanks and comments among them: far more than anybody writes. */
const LEXEMES_PER_NODE = 8;
const MAX_DEPTH = 64;
const MERGE_KEY = '<<';
/** Characters of a name that an error shows. */
const MAX_SHOWN = 100;
/** Characters at the end of a text that are looked at for a line break. */
const MAX_BLANK = 256;
/** What no YAML text may hold as it is. */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** The types of value that YAML's own tags allow. */
const TAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['bool', ['boolean']],
  ['float', ['number', 'bigint']],
  ['int', ['number', 'bigint']],
  ['null', ['null']],
]);

/**
 * Reads one document with the meaning of sigs.k8s.io/yaml; an empty text is null. Throws YamlError, also for
 * what Kubernetes would read in silence: duplicate keys and a second document.
 */
export function parseYaml(text: string, options: ReadOptions = {}): JsonValue {
  const documents = parseYamlDocuments(text, options);
  const second = documents[1];
  if (second)
    throw errorAt(second.lines, second.document.range[0], 'a second document; only one is expected');
  return documents[0]?.value ?? null;
}

/** Reads every document that isn't empty or null. Throws YamlError at the first thing that is wrong. */
export function parseYamlDocuments(text: string, options: ReadOptions = {}): YamlDocument[] {
  const { maxLength = MAX_LENGTH, maxDocuments = MAX_DOCUMENTS, maxNodes = MAX_NODES } = options;
  const { resolvePlain = resolvePlainScalar, isLenient = false } = options;
  const lines = new LineCounter();
  if (text.length > maxLength) throw errorAt(lines, 0, `longer than ${maxLength} characters`);
  checkCharacters(text);
  const openEnd = /(?:^|\n)[ \t]*$/.test(text.slice(-MAX_BLANK)) ? undefined : text.length;
  const how = { lines, maxNodes, resolvePlain, isLenient, openEnd };
  const reader: Reader = { ...how, nodes: 0, anchors: new Map(), open: new Set() };
  const documents: YamlDocument[] = [];
  for (const document of compose(tokenize(text, lines, { maxDocuments, maxNodes }), text.length, lines)) {
    const value = readDocument(reader, document);
    if (value !== null) documents.push({ value, document, lines });
    if (isLenient) break;
  }
  return documents;
}

/** Go's reader refuses these, and the library doesn't. */
function checkCharacters(text: string): void {
  const at = text.search(UNPRINTABLE);
  if (at < 0) return;
  const before = text.slice(0, at).split('\n');
  const position = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  throw new YamlError('a control character; write it as an escape in double quotes', position);
}

/** The library's parser keeps a stack of its own, but what composes its tokens recurses: so depth ends here. */
function tokenize(
  text: string,
  lines: LineCounter,
  { maxDocuments, maxNodes }: { maxDocuments: number; maxNodes: number },
): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let documents = 0;
  let lexemes = 0;
  function take(token: CST.Token): void {
    tokens.push(token);
    if (token.type === 'document') documents++;
    if (documents > maxDocuments) throw errorAt(lines, token.offset, `more than ${maxDocuments} documents`);
  }
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    // Before they are composed, which takes most of the time and the memory.
    if (++lexemes > maxNodes * LEXEMES_PER_NODE)
      throw errorAt(lines, parser.offset, `more than ${maxNodes} values, or far more blanks than values`);
    if (depthOf(parser) > MAX_DEPTH) {
      throw errorAt(lines, parser.offset, `nested deeper than ${MAX_DEPTH} levels`);
    }
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

/** The document and the scalar stand on the parser's stack too. */
function depthOf({ stack }: Parser): number {
  return stack.length <= MAX_DEPTH ? stack.length : stack.filter((token) => 'items' in token).length;
}

/** Scalars are composed as strings, and resolved here: the library's own tags differ from Go's. */
function compose(tokens: CST.Token[], length: number, lines: LineCounter): Iterable<Document.Parsed> {
  const composer = new Composer({
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'failsafe',
    // Its check compares every key with every other; readMap does it in one pass.
    uniqueKeys: false,
  });
  return composer.compose(tokens, false, length) as Iterable<Document.Parsed>;
}

/** Anchors end with their document. */
function readDocument(reader: Reader, document: Document.Parsed): JsonValue {
  const [problem] = document.errors;
  if (problem) throw errorAt(reader.lines, problem.pos[0], lowerFirst(problem));
  reader.anchors = new Map();
  return document.contents === null ? null : readNode(reader, document.contents);
}

/** Aliases are read anew each time, and count each time. */
function readNode(reader: Reader, node: Node | null): JsonValue {
  if (node === null) return null;
  reader.nodes++;
  if (reader.nodes > reader.maxNodes) throw failAt(reader, node, `more than ${reader.maxNodes} values`);
  if (isAlias(node)) return readNode(reader, findAnchor(reader, node.source, node));
  const anchor = (node as Scalar).anchor;
  if (anchor === undefined) return readContent(reader, node);
  reader.anchors.set(anchor, node);
  reader.open.add(node);
  const value = readContent(reader, node);
  reader.open.delete(node);
  return value;
}

function readContent(reader: Reader, node: Node): JsonValue {
  if (isScalar(node)) return readScalar(reader, node as Scalar);
  if (isSeq(node)) return node.items.map((item) => readNode(reader, item as Node | null));
  return readMap(reader, node as YAMLMap<Node, Node | null>);
}

/** The latest node with this anchor, as YAML defines it. */
function findAnchor(reader: Reader, name: string, alias: Node): Node {
  const node = reader.anchors.get(name);
  const shown = JSON.stringify(cut(name));
  if (!node) throw failAt(reader, alias, `unknown anchor ${shown}`);
  if (reader.open.has(node)) throw failAt(reader, alias, `${shown} contains itself`);
  return node;
}

/** Keys of the map itself stand before merged ones, wherever `<<` is. */
function readMap(reader: Reader, node: YAMLMap<Node, Node | null>): JsonObject {
  const own: JsonObject = {};
  const merged: JsonObject[] = [];
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) {
      merged.push(...readMerged(reader, pair.key, pair.value));
      continue;
    }
    const key = readKey(reader, pair.key);
    if (!reader.isLenient && Object.hasOwn(own, key))
      throw failAt(reader, pair.key, describeDuplicate(reader, node, { key, word: pair.key }));
    own[key] = readNode(reader, pair.value);
  }
  return merged.length === 0 ? own : Object.assign({}, ...merged, own);
}

/** Words that YAML reads as the same key are named as they are written: `on` and `y` are both "true". */
function describeDuplicate(
  reader: Reader,
  { items }: YAMLMap<Node, Node | null>,
  { key, word }: { key: string; word: Node },
): string {
  const first = items.find((item) => !isMergeKey(item.key) && readKey(reader, item.key) === key)?.key;
  const written = [first, word].map((node) => (isScalar(node) ? String(node.value) : key));
  const words = [...new Set(written)].filter((text) => text !== key).map(cut);
  const duplicate = `duplicate key ${JSON.stringify(cut(key))}`;
  if (words.length === 0) return duplicate;
  return `${duplicate}: YAML reads ${words.join(' and ')} so; write ${words.map((text) => JSON.stringify(text)).join(' and ')}`;
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === MERGE_KEY && key.type === 'PLAIN';
}

/** The maps that `<<` merges, the weakest first. */
function readMerged(reader: Reader, key: Node, value: Node | null): JsonObject[] {
  const items = isSeq(value) ? (value.items as Node[]) : [value];
  const maps = items.map((item) => readNode(reader, item)).reverse();
  if (maps.every(isObject)) return maps;
  throw failAt(reader, key, 'only maps can be merged with "<<"');
}

/** Keys become strings as JSON would write them: `yes` is "true", `0x10` is "16". */
function readKey(reader: Reader, key: Node): string {
  if (!isScalar(key) && !isAlias(key)) throw failAt(reader, key ?? undefined, 'a key must be a scalar');
  const value = readNode(reader, key);
  if (value === null || typeof value === 'object')
    throw failAt(reader, key, 'a key must be no null, map or list');
  if (value === '__proto__') throw failAt(reader, key, 'the key "__proto__" is refused');
  return String(value);
}

function readScalar(reader: Reader, node: Scalar): JsonValue {
  const text = scalarText(reader, node);
  try {
    if (node.tag) return readTagged(shortTag(node.tag), text);
    return node.type === 'PLAIN' || node.type === undefined ? reader.resolvePlain(text) : text;
  } catch (error) {
    throw failAt(reader, node, (error as Error).message);
  }
}

/** A block's last line has a line break only where the document has one; the library adds it. */
function scalarText({ openEnd }: Reader, { value, type, range }: Scalar): string {
  const text = value === null ? '' : String(value);
  const isCutOff = range?.[1] === openEnd && (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED');
  return isCutOff ? text.replace(/\n$/, '') : text;
}

/** A tag of YAML's own decides the type; any other means nothing here, and the value is a string. */
function readTagged(tag: string, text: string): JsonValue {
  if (tag === 'binary') return Buffer.from(text, 'base64').toString('utf8');
  const wanted = TAGS.get(tag);
  if (!wanted) return text;
  const value = resolvePlainScalar(text);
  if (!wanted.includes(value === null ? 'null' : typeof value))
    throw new RangeError(`a value that is no !!${tag}`);
  return value;
}

function shortTag(tag: string): string {
  return tag.startsWith('tag:yaml.org,2002:') ? tag.slice('tag:yaml.org,2002:'.length) : '!';
}

function failAt(reader: Reader, node: Node | undefined, reason: string): YamlError {
  return errorAt(reader.lines, node?.range?.[0] ?? 0, reason);
}

function errorAt(lines: LineCounter, offset: number, reason: string): YamlError {
  const { line, col } = lines.linePos(offset);
  return new YamlError(reason, { line: Math.max(line, 1), column: Math.max(col, 1) });
}

function cut(name: string): string {
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}...` : name;
}

function lowerFirst(problem: YAMLParseError): string {
  return problem.message.charAt(0).toLowerCase() + problem.message.slice(1);
}
