import type { Answer } from './ask-oracle.ts';

/** A way in which our answer is meant to differ from that of the oracle. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  /** Whether what Go answered, or we did, is of this kind. */
  readonly applies: (theirs: Answer, ours: Answer, line: string) => boolean;
}

/** Functions that may cut a character in two, and functions whose answer tells of each byte. */
const CUTS = /trunc|substr|abbrev|slice|initials|nospace|wrap|b64dec|b32dec/;
const COUNTS_BYTES = /b64enc|b32enc|sum|urlquery/;

/** Every deliberate difference; whatever else differs is a mistake. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'range over a number',
    reason: 'Go has it since 1.22, later than the Go that answers',
    applies: (theirs) => /: range can't iterate over -?\d+$/.test(theirs.error ?? ''),
  },
  {
    name: 'bytes that are no text',
    reason: 'texts are Unicode here: a character cut in two, or bytes that are no UTF-8, become U+FFFD',
    applies: (theirs, ours, line) =>
      `${theirs.output}${ours.output}`.includes('\ufffd') || (CUTS.test(line) && COUNTS_BYTES.test(line)),
  },
  {
    name: 'slices',
    reason:
      'Go slices a list up to its capacity, an accident of how it was made, and its builtin refuses integers out of data',
    applies: (theirs, ours) => /error calling (mustS|s)lice: /.test(`${theirs.error} ${ours.error}`),
  },
  {
    name: 'bounds',
    reason: 'a template that makes too much, nests too deeply or takes too long is refused here',
    applies: (_, ours) =>
      /(result is|results are|output is) larger than|more than \d+ (items|loop iterations)|took longer than|nests deeper/.test(
        ours.error ?? '',
      ),
  },
];

/** Errors whose words are meant to differ; they are errors of the same phase. */
export const OTHER_WORDS: readonly { readonly reason: string; readonly words: RegExp }[] = [
  {
    reason: 'templates that call themselves end at 500 calls instead of 100,000',
    words: /exceeded maximum template depth/,
  },
  {
    reason: "JSON is read by another reader, which has its own words for what it doesn't understand",
    words: /error calling mustFromJson/,
  },
  {
    reason: 'functions that read the environment do not exist, and the error says so',
    words: /function "(env|expandenv|getHostByName)" not defined/,
  },
  {
    reason: 'Go knows typed nil, whose errors name a Go function',
    words: /error calling len: reflect/,
  },
];
