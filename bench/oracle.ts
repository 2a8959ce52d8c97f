import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { buildOracle } from '../test/conformance/build-oracle.ts';

/** A template with its data, as the program of real Go reads it. */
export interface GoCase {
  readonly template: string;
  readonly data: unknown;
  readonly funcs: string;
  readonly missingkey: 'error';
}

/** A running program of real Go that measures templates. */
export interface GoBench {
  /** Nanoseconds of one execution of the parsed template, measured over so many milliseconds. */
  measure(kase: GoCase, milliseconds: number): Promise<number>;
  close(): void;
}

/** Starts real Go; where it cannot be built, the reason. */
export function startGo(): GoBench | string {
  const oracle = buildOracle();
  if (oracle.program === undefined) return oracle.reason;
  const child = spawn(oracle.program, { stdio: ['pipe', 'pipe', 'inherit'], env: { TZ: 'UTC' } });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async measure(bench, milliseconds) {
      ask(child, { bench, milliseconds });
      const { value, done } = await answers.next();
      if (done) throw new Error('the program of Go ended');
      const { ns, error } = JSON.parse(value) as { ns: number; error?: string };
      if (error) throw new Error(error);
      return ns;
    },
    close: () => child.stdin?.end(),
  };
}

function ask(child: ChildProcess, question: object): void {
  child.stdin?.write(`${JSON.stringify(question)}\n`);
}
