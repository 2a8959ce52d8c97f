import type { JsonValue } from '../../../src/lib/json.ts';
import { parseJson, stringifyJson } from '../../../src/lib/json.ts';
import { askLines } from '../ask-oracle.ts';
import type { ContentInput } from './content-inputs.ts';

/** One case for the oracle: a Go program that runs text/template, Sprig and sigs.k8s.io/yaml. */
export interface OracleCase {
  readonly template?: string;
  readonly content?: JsonValue;
  readonly data?: JsonValue;
  readonly delims?: [string, string];
  readonly missingkey?: string;
  readonly funcs?: string;
  readonly numbers?: string;
}

export interface OracleAnswer {
  readonly output?: string;
  readonly objects?: JsonValue[];
  readonly error?: string;
}

/** The oracle's answers, in order, with every digit of their numbers. */
export function askOracle(program: string, cases: readonly OracleCase[]): OracleAnswer[] {
  const lines = cases.map((item, index) => stringifyJson({ ...item, id: String(index) } as JsonValue));
  return askLines(program, lines).map(parseJson) as unknown[] as OracleAnswer[];
}

/** What GitOpsSets gives for contents, in order; the element is the fourth of its set. */
export function askContents(program: string, inputs: readonly ContentInput[]): OracleAnswer[] {
  const set = { Name: 'set', Namespace: 'flux-system' };
  return askOracle(
    program,
    inputs.map(({ content, element, delimiters }) => ({
      content,
      data: { Element: element, ElementIndex: { $int: 3 }, GitOpsSet: set },
      missingkey: 'error',
      funcs: 'gitopssets',
      ...(delimiters && { delims: delimiters }),
    })),
  );
}
