import { spawnSync } from 'node:child_process';

/** Where and with what a tool runs. */
export interface ToolOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Lines of a failed tool's output that its error shows. */
const TAIL = 20;

/** Milliseconds that one tool may take. */
const TIMEOUT = 30 * 60_000;

/** Where tools of administrators are, which is not on everybody's PATH. */
const ADMIN_PATH = '/usr/sbin:/sbin';

/** Runs a tool and gives what it printed; its output is shown only where it fails, as part of the error. */
export function runTool(command: string, args: readonly string[], { cwd, env }: ToolOptions): string {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH: `${process.env['PATH']}:${ADMIN_PATH}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: TIMEOUT,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (result.status === 0) return result.stdout;
  const output = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n').slice(-TAIL).join('\n');
  const outcome = result.signal ?? result.error?.message ?? `code ${result.status}`;
  throw new Error(`${command} ${args[0] ?? ''} failed (${outcome}):\n${output}`, { cause: result.error });
}
