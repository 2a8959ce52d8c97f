import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One program that was started: its arguments and environment. */
export interface RecordedCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A program on PATH that writes down how it is called. */
export interface Shim {
  calls(): RecordedCall[];
  restore(): void;
}

/**
 * Puts a program of this name first on PATH. It records arguments and environment, then runs the shell code
 * `then`, in which `$REAL` is the program it stands for.
 */
export function installShim(folder: string, name: string, then = 'exec "$REAL" "$@"'): Shim {
  const real = execFileSync('sh', ['-c', `command -v ${name}`])
    .toString()
    .trim();
  const log = join(folder, `${name}.log`);
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = [
    '#!/bin/sh',
    `{ printf 'A\\0'; for word in "$@"; do printf '%s\\0' "W$word"; done; env -0 | sed -z 's/^/E/'; } >> '${log}'`,
    `REAL='${real}'`,
    then,
  ];
  writeFileSync(join(bin, name), `${script.join('\n')}\n`);
  chmodSync(join(bin, name), 0o755);
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${bin}:${path}`;
  return {
    calls: () => (existsSync(log) ? parseLog(readFileSync(log, 'utf8')) : []),
    restore: () => {
      process.env['PATH'] = path;
    },
  };
}

function parseLog(log: string): RecordedCall[] {
  const calls: { args: string[]; env: Record<string, string> }[] = [];
  for (const item of log.split('\0')) {
    if (item === 'A') calls.push({ args: [], env: {} });
    const call = calls.at(-1);
    if (item.startsWith('W')) call?.args.push(item.slice(1));
    const [, name, value] = /^E([^=]+)=(.*)$/s.exec(item) ?? [];
    if (call && name !== undefined) call.env[name] = value ?? '';
  }
  return calls;
}
