import { spawnSync } from 'node:child_process';

/** What an oracle, or our own evaluation, made of a case. */
export interface Answer {
  readonly output?: string;
  readonly error?: string;
  readonly phase?: string;
}

const TIMEOUT = 60_000;

/** The oracle's answers to lines of JSON, in their order. */
export function askOracle<T = Answer>(program: string, lines: readonly string[]): T[] {
  return askLines(program, lines).map((line) => JSON.parse(line) as T);
}

/** The oracle's answers as it wrote them. Its clock is set to UTC. Throws when one is missing. */
export function askLines(program: string, lines: readonly string[]): string[] {
  const { stdout, stderr, status, error } = spawnSync(program, {
    input: `${lines.join('\n')}\n`,
    env: { TZ: 'UTC' },
    maxBuffer: 2 ** 30,
    timeout: TIMEOUT,
  });
  const answers = (stdout ?? '').toString().split('\n').filter(Boolean);
  if (status !== 0 || answers.length !== lines.length) {
    const asked = `${answers.length} of ${lines.length} cases, the next is ${lines[answers.length]}`;
    throw new Error(`the oracle answered ${asked}: ${stderr?.toString().slice(0, 2000)}`, { cause: error });
  }
  return answers;
}
