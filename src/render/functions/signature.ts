/** Types of values that only functions give. */
type ObjectParam = 'time' | 'duration' | 'location' | 'version';

/** The types that a function's parameters may have, in Go's words shortened. */
export type ParamType =
  | 'any'
  | 'string'
  | 'int'
  | 'int64'
  | 'uint32'
  | 'float64'
  | 'bool'
  | 'map'
  | 'list'
  | ObjectParam
  | 'certificate';

/** What a function takes and gives. */
export interface Signature {
  readonly params: readonly ParamType[];
  /** The type of all further arguments; undefined when there may be none. */
  readonly rest: ParamType | undefined;
  readonly result: ParamType;
}

const TYPES: ReadonlySet<string> = new Set([
  'any',
  'string',
  'int',
  'int64',
  'uint32',
  'float64',
  'bool',
  'map',
  'list',
  'time',
  'duration',
  'location',
  'version',
  'certificate',
]);

/** Go's name of each parameter type, for error texts. */
export const GO_TYPE: Readonly<Record<ParamType, string>> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  int64: 'int64',
  uint32: 'uint32',
  float64: 'float64',
  bool: 'bool',
  map: 'map[string]interface {}',
  list: '[]interface {}',
  time: 'time.Time',
  duration: 'time.Duration',
  location: '*time.Location',
  version: '*semver.Version',
  certificate: 'sprig.certificate',
};

/** Reads a signature such as `(int, ...any) -> string`. */
export function parseSignature(text: string): Signature {
  const match = /^\(([^()]*)\) -> (\w+)$/.exec(text);
  if (match === null) throw new Error(`bad signature: ${text}`);
  const words = (match[1] as string).split(',').map((word) => word.trim());
  const names = words[0] === '' ? [] : words;
  const last = names.at(-1);
  const rest = last?.startsWith('...') ? paramType(last.slice(3)) : undefined;
  const fixed = rest === undefined ? names : names.slice(0, -1);
  return { params: fixed.map(paramType), rest, result: paramType(match[2] as string) };
}

function paramType(name: string): ParamType {
  if (!TYPES.has(name)) throw new Error(`bad type in signature: ${name}`);
  return name as ParamType;
}
