import type { Kind } from './literals.ts';

/**
 * What plausible arguments of a function are, where its signature does not say. A kind with `*` stands for any
 * number of them, one with `?` for none or one, and `|` separates alternatives.
 */
export const ARGUMENTS: Readonly<Record<string, string>> = {
  ...same('list', 'first last rest initial reverse uniq compact sortAlpha toStrings len'),
  ...same('list', 'mustFirst mustLast mustRest mustInitial mustReverse mustUniq mustCompact'),
  ...same('list any', 'append push prepend mustAppend mustPush mustPrepend'),
  ...same('list any*', 'without mustWithout'),
  ...same('any list', 'has mustHas'),
  ...same('list size? size?', 'slice mustSlice'),
  ...same('size list', 'chunk mustChunk'),
  concat: 'list*',
  index: 'list size | map key | text size',
  join: 'text list',
  ...same('size text', 'repeat indent nindent abbrev trunc wrap'),
  ...same('size size text', 'substr abbrevboth'),
  wrapWith: 'size text text',
  splitn: 'text size text',
  until: 'size',
  untilStep: 'size size size',
  seq: 'size*',
  plural: 'text text size',
  ...same('number number*', 'add mul max min biggest addf subf mulf divf maxf minf'),
  ...same('number number', 'sub div mod'),
  ...same('number', 'add1 add1f int int64 float64 ceil floor toDecimal atoi'),
  round: 'number places number?',
  ...same('pattern text', 'regexMatch mustRegexMatch regexFind mustRegexFind'),
  ...same('pattern text size', 'regexFindAll mustRegexFindAll regexSplit mustRegexSplit'),
  ...same('pattern text replacement', 'regexReplaceAll mustRegexReplaceAll'),
  ...same('pattern text replacement', 'regexReplaceAllLiteral mustRegexReplaceAllLiteral'),
  ...same('path', 'base dir clean ext isAbs osBase osDir osClean osExt osIsAbs'),
  ...same('json', 'fromJson mustFromJson'),
  b64dec: 'base64',
  b32dec: 'base32',
  ...same('type any', 'typeIs typeIsLike kindIs'),
  set: 'fresh key scalar',
  unset: 'fresh key',
  ...same('fresh fresh*', 'merge mustMerge mergeOverwrite mustMergeOverwrite'),
  dict: 'key any key? any?',
  ...same('map key', 'get hasKey'),
  getordefault: 'map key any',
  pluck: 'key map*',
  ...same('map key*', 'pick omit'),
  dig: 'key key? any map',
  printf: 'format any*',
  ...same('int int | text text | places places | number number | any any', 'eq ne lt le gt ge'),
  ternary: 'any any bool',
  ...same('layout stamp', 'date'),
  ...same('layout stamp zone', 'dateInZone date_in_zone'),
  ...same('duration stamp', 'dateModify date_modify mustDateModify must_date_modify'),
  ...same('stamp', 'htmlDate unixEpoch'),
  htmlDateInZone: 'stamp zone',
  ...same('layout text', 'toDate mustToDate'),
  ...same('duration', 'duration durationRound'),
  semver: 'version',
  semverCompare: 'constraint version',
  urlParse: 'url',
  urlJoin: 'map',
};

/** Functions that are not asked for, and why. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  ...same('its answer is random', 'randAlphaNum randAlpha randAscii randNumeric randInt randBytes shuffle'),
  ...same('its answer is random', 'uuidv4 bcrypt htpasswd encryptAES genPrivateKey'),
  ...same('its answer is random', 'genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey'),
  ...same('its answer is random', 'genSignedCert genSignedCertWithKey'),
  ...same('its answer depends on the time', 'now ago'),
  ...same('each call takes a tenth of a second', 'derivePassword'),
  ...same('it takes keys that are not short', 'buildCustomCert decryptAES'),
  ...same('it reads its environment', 'env expandenv getHostByName'),
  ...same('in Go the order of its answer is random', 'keys values'),
  ...same('it stands for other libraries, which have tests of their own', 'fromYaml fromYamlArray toYaml'),
};

/** Words that all mean the same. */
function same(text: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, text]));
}

/** The kinds of a function's arguments, by its parameter types where there is no better answer. */
export function kindOfParameter(type: string): Kind {
  const kinds: Readonly<Record<string, Kind>> = {
    string: 'text',
    int: 'size',
    int64: 'int',
    float64: 'number',
    bool: 'bool',
    map: 'map',
    list: 'list',
  };
  return kinds[type] ?? 'any';
}
