import type { Logger } from '../lib/logger.ts';
import type { Streams } from './streams.ts';

/** Flux's symbols, and what each says. */
const SYMBOLS = {
  action: '►',
  generate: '✚',
  waiting: '◎',
  success: '✔',
  warning: '⚠️',
  failure: '✗',
} as const;

/** Speaks to people on stderr, a line each, with Flux's symbols; stdout is for data. */
export interface Printer {
  /** Something begins. */
  action(message: string): void;
  /** Something was made. */
  generate(message: string): void;
  /** Something must be waited for. */
  waiting(message: string): void;
  success(message: string): void;
  warning(message: string): void;
  failure(message: string): void;
  /** One line on a terminal that later lines replace; nothing elsewhere. */
  progress(message: string): void;
  /** Takes the progress line away, so that stdout begins on a line of its own. */
  clear(): void;
}

/**
 * A printer on a stream. Control characters of the message cannot reach the terminal. With a clock each line has its
 * time, in RFC 3339, as those of `logs` have.
 */
export function createPrinter(
  { stderr, errorColors: colors }: Pick<Streams, 'stderr' | 'errorColors'>,
  now?: () => Date,
): Printer {
  const paint = { success: colors.green, warning: colors.yellow, failure: colors.red } as const;
  let pending = false;
  const clear = (): void => {
    if (pending) stderr.write('\r\u001b[2K');
    pending = false;
  };
  const line = (kind: keyof typeof SYMBOLS) => (message: string) => {
    clear();
    const symbol = kind in paint ? paint[kind as keyof typeof paint](SYMBOLS[kind]) : SYMBOLS[kind];
    const time = now ? `${toSeconds(now())} ` : '';
    stderr.write(`${symbol} ${time}${printable(message)}\n`);
  };
  return {
    action: line('action'),
    generate: line('generate'),
    waiting: line('waiting'),
    success: line('success'),
    warning: line('warning'),
    failure: line('failure'),
    clear,
    progress(message) {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(`${SYMBOLS.waiting} ${printable(message).slice(0, (stderr.columns ?? 80) - 3)}`);
      pending = true;
    },
  };
}

/** A time as people read it, `2026-01-31T12:00:00Z`. */
export function toSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A logger that speaks through the printer; what is only for debugging is said with `--verbose`. */
export function createLogger(printer: Printer, { verbose }: { verbose: boolean }): Logger {
  return {
    debug: (message) => verbose && printer.waiting(message),
    info: (message) => printer.action(message),
    warn: (message) => printer.warning(message),
    error: (message) => printer.failure(message),
  };
}

/** Escapes control and invisible characters, but keeps line breaks and tabs. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) =>
    c === '\n' || c === '\t' ? c : `\\x${(c.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  );
}
