import type { Generator } from '../../generators/generator.ts';
import type { Streams } from './streams.ts';

/** What every command gets from the composition root. */
export interface CommandContext {
  readonly generators: readonly Generator[];
  readonly version: string;
  /** The program as it was called: `generatorset`, `flux generatorset`, `kubectl generatorset`. */
  readonly program: string;
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The process ends with the highest code that was set, once everything is written. */
  setExitCode(code: number): void;
}
