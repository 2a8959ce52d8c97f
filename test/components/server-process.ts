import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram } from './find-program.ts';

/** How a real server is started. */
export interface ServerOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** What the server prints is appended here. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the server answers; asked until it says so. */
  isReady(): Promise<boolean>;
  /** Milliseconds that it may take to get ready. */
  readonly patience: number;
}

/** How much garbage servers in Go let pile up: a fifth less processor time than with Go's own 100, and more memory. */
const GARBAGE = '300';

/** Lines of a server's log that an error shows. */
const TAIL = 15;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real server that can be stopped and started again with the same arguments. It never outlives this process. */
export class ServerProcess {
  readonly #options: ServerOptions;
  #child: ChildProcess | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Its process id; undefined while it is stopped. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the server and waits until it is ready. Throws with the end of its log where it ends or never is. */
  async start(): Promise<void> {
    if (this.#child) throw new Error(`${this.#options.program} runs already`);
    const child = launch(this.#options);
    this.#child = child;
    try {
      await this.#waitUntilReady(child);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Sends a signal that doesn't end it: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#child) throw new Error(`${this.#options.program} is not running`);
    this.#child.kill(signal);
  }

  /** Ends the server, and by force where it takes longer than 5 s, as an API server with open watches does. Does nothing where it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(force);
  }

  async #waitUntilReady(child: ChildProcess): Promise<void> {
    const { program, patience, isReady, log } = this.#options;
    for (const end = Date.now() + patience; Date.now() < end; await delay(50)) {
      if (hasEnded(child)) throw new Error(`${program} ended at its start:\n${tailOf(log)}`);
      if (await isReady().catch(() => false)) return;
    }
    throw new Error(`${program} was not ready within ${patience / 1000} s:\n${tailOf(log)}`);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

function launch({ program, args, log, env }: ServerOptions): ChildProcess {
  const path = findProgram(program);
  if (!path) throw new Error(`no ${program} on this machine`);
  // The kernel ends the server with this process, also where that is killed and its exit handlers never run.
  const guard = findProgram('setpriv');
  const [command, ...rest] = guard ? [guard, '--pdeathsig', 'KILL', path, ...args] : [path, ...args];
  const output = openSync(log, 'a');
  try {
    const child = spawn(command as string, rest, {
      stdio: ['ignore', output, output],
      env: { PATH: process.env['PATH'] ?? '', GOGC: process.env['GOGC'] ?? GARBAGE, ...env },
    });
    running.add(child);
    child.on('exit', () => running.delete(child));
    child.on('error', () => running.delete(child));
    return child;
  } finally {
    closeSync(output);
  }
}

function tailOf(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL).join('\n');
}
