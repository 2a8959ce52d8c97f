import type { Generator } from '../../generators/generator.ts';
import type { ArtifactReader, HttpReader, TreeReader } from '../api/readers.ts';
import type { ValidateSet } from '../api/validate-set.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches } from '../clients/cluster/shared-watches.ts';
import type { GitOptions } from '../clients/git/git-repository.ts';
import type { Logger } from '../lib/logger.ts';
import type { Ambient } from '../render/functions/ambient.ts';
import type { EventRecorder } from '../status/event-recorder.ts';
import type { StatusWriter } from '../status/status-writer.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Metrics } from './metrics.ts';
import type { AccountRules } from './set-account.ts';

/** Everything that the passes of a controller share. */
export interface ControllerParts extends AccountRules {
  readonly generators: readonly Generator[];
  readonly validate: ValidateSet;
  readonly discovery: Discovery;
  readonly watches: SharedWatches;
  readonly http: HttpReader;
  readonly trees: TreeReader;
  readonly artifacts: ArtifactReader;
  readonly gitOptions: GitOptions;
  readonly status: StatusWriter;
  readonly events: EventRecorder;
  readonly checkpoint: Checkpoint;
  readonly metrics: Metrics['passes'];
  /** `--no-cross-namespace-refs=false`. */
  readonly allowCrossNamespace: boolean;
  readonly clock: {
    /** Milliseconds of the epoch. */ now(): number /** Milliseconds that never jump. */;
    monotonic(): number;
  };
  readonly random: () => number;
  readonly ambient: Ambient;
  readonly log: Logger;
}
