import type { GenerateContext, Generator } from '../../generators/generator.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { ElementMemory } from '../generate/element-memory.ts';
import type { GeneratorRun } from '../generate/generate.ts';
import type { Target } from '../plan/target.ts';
import type { Ambient } from '../render/functions/ambient.ts';

/** Everything that a pass over a set may use of the world outside its spec. */
export interface World {
  readonly generators: readonly Generator[];
  /** What generators may use; the namespace and the signal come with each pass. */
  readonly readers: Pick<GenerateContext, 'objects' | 'http' | 'git' | 'artifacts' | 'log'>;
  /** Opens the place that the set's resources are delivered to. */
  openTarget(set: GeneratorSet, signal: AbortSignal): Promise<Target>;
  /** The present time, for state and commits. */
  now(): Date;
  /** From 0 to 1, for jitter only. */
  random(): number;
  /** The clock and randomness of templates that have permission. */
  readonly ambient: Ambient;
}

/** The steps of a pass, as errors and conditions name them. */
export type Step = 'generate' | 'render' | 'plan' | 'deliver' | 'settle';

/** What differs between two passes over the same set. */
export interface Pass {
  readonly memory: ElementMemory;
  /** Whether every generator is asked, due or not. */
  readonly all: boolean;
  /** Digests of held plans and changes that may be delivered after all. */
  readonly approved?: readonly string[];
  /** Told which step begins, and how many elements there are once they are known. */
  onStep?(step: Step, elements?: number): void;
  /** Told of each generator that was asked. */
  onRun?(run: GeneratorRun): void;
  readonly signal: AbortSignal;
}
