/** How the API server serves a kind. */
export interface ApiKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name in paths: `configmaps`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}
