import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The launcher of the sources. */
export const SOURCES = join(ROOT, 'bin', 'generatorset.cjs');

/** The variable with the launcher of a bundle that was made of these sources for a run of all tests. */
export const BUNDLED_PROGRAM = 'GENERATORSET_TEST_PROGRAM';

/** The launcher that tests start: the bundle's where there is one, else that of the sources. */
export const PROGRAM = process.env[BUNDLED_PROGRAM] ?? SOURCES;

/** Where compiled code is kept from one start to the next: beside a bundle, with which it goes. */
export const COMPILED = process.env[BUNDLED_PROGRAM]
  ? compiledOf(PROGRAM)
  : join(tmpdir(), 'generatorset-test-compiled');

/** Where the compiled code of a bundle is kept, by its launcher. */
export function compiledOf(program: string): string {
  return join(dirname(dirname(program)), 'compiled');
}

const ENVIRONMENT = { NO_COLOR: '1', NODE_COMPILE_CACHE: COMPILED };

/** What a program run came to. */
export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** The launcher; default PROGRAM. */
  readonly program?: string;
  /** In a process group of its own, so that it can be killed with its children. */
  readonly detached?: boolean;
  /** Given the process as soon as it runs, to signal it. */
  started?(child: ChildProcess): void;
}

/** Runs `generatorset` as a person does: the launcher, in a process of its own, at most a minute. */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(process.execPath, [options.program ?? PROGRAM, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...ENVIRONMENT, ...options.env },
    detached: options.detached ?? false,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  options.started?.(child);
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
