import type { Generator } from '../../generators/generator.ts';
import type { LogEncoding, LogLevel } from './json-logger.ts';

/** The flags of the controller, named as Flux's controllers name them. Durations are milliseconds. */
export interface ControllerOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Addresses to listen on, `:8080`; `0` for none. */
  readonly metricsAddr: string;
  readonly healthAddr: string;
  /** Where events are posted to; undefined: to Kubernetes only. */
  readonly eventsAddr?: string;
  readonly concurrent: number;
  readonly logLevel: LogLevel;
  readonly logEncoding: LogEncoding;
  readonly enableLeaderElection: boolean;
  readonly leaderElectionLeaseDuration: number;
  readonly leaderElectionRenewDeadline: number;
  readonly leaderElectionRetryPeriod: number;
  readonly minRetryDelay: number;
  readonly maxRetryDelay: number;
  readonly watchAllNamespaces: boolean;
  readonly watchLabelSelector?: string;
  readonly noCrossNamespaceRefs: boolean;
  readonly defaultServiceAccount?: string;
  readonly allowLoopback: boolean;
  readonly allowFile: boolean;
  /** How long passes may go on after SIGTERM. */
  readonly gracefulShutdownTimeout: number;
}

/** What the controller is started with beside its flags. */
export interface ControllerContext {
  readonly generators: readonly Generator[];
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go. */
  readonly destination: { write(line: string): unknown };
  /** Aborted by the first signal: passes under way are finished, no other begins. */
  readonly stop: AbortSignal;
  /** Aborted when everything must end at once. */
  readonly abort: AbortSignal;
}
