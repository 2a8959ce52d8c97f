import type { Tenant } from './tenancy-world.ts';

/** Whom an attack can reach for. */
export interface Targets {
  readonly mallory: Tenant;
  readonly victim: Tenant;
  /** An HTTP server on loopback that must hear nothing. */
  readonly canary: string;
  /** The addresses of the API server, and of the controller's own servers. */
  readonly server: string;
  readonly own: readonly string[];
}

/** A set that reaches for more than it may, and what is said of it. */
export interface Attack {
  readonly what: string;
  /** Fields of `spec` that differ from a set that is well. */
  readonly spec: (targets: Targets) => object;
  /** Whether nothing but another spec helps. */
  readonly stalled?: boolean;
  readonly reason: string;
  readonly message: RegExp;
}

/** One template. */
export function content(resource: object): object {
  return { templates: [{ content: resource }] };
}

/** One generator. */
export function generator(entry: object): object {
  return { generators: [entry] };
}

/** A Git target. */
export function git(target: object): object {
  return { target: { git: { branch: 'main', ...target } } };
}

/** A query. */
export function api(endpoint: string, more: object = {}): object {
  return generator({ apiClient: { interval: '1h', endpoint, singleElement: true, timeout: '2s', ...more } });
}
