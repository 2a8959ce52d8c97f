import { spawnSync } from 'node:child_process';
import type { JsonValue } from '../../../src/lib/json.ts';
import { parseJson, stringifyJson } from '../../../src/lib/json.ts';

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

/** The oracle's answers, in order; `program` speaks JSON lines on stdin and stdout. */
export function askOracle(program: string, cases: readonly OracleCase[]): OracleAnswer[] {
  const lines = cases.map((item, index) => stringifyJson({ ...item, id: String(index) } as JsonValue));
  const { stdout, status } = spawnSync(program, {
    input: `${lines.join('\n')}\n`,
    env: { TZ: 'UTC' },
    maxBuffer: 2 ** 30,
  });
  const answers = stdout.toString().trim().split('\n').map(parseJson) as unknown[];
  if (status !== 0 || answers.length !== cases.length)
    throw new Error(`${program}: ${answers.length} answers`);
  return answers as OracleAnswer[];
}
