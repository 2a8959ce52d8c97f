/** How the API server serves a kind. */
export interface ApiKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name in paths: `configmaps`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Which kinds the API server has; asked once for each group and version, and again when something is missing. */
export interface Discovery {
  /** Undefined when the server, asked freshly (at most every few seconds), has no such kind. */
  find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ApiKind | undefined>;
  /** Forgets a group, because a CustomResourceDefinition has changed or a path was not found. */
  forget(group: string): void;
}
