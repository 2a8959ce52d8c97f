/** An open pull request, whatever the server calls it. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  /** The branch with the changes, which may be a fork's. */
  readonly branch: string;
  readonly targetBranch: string;
  /** The commit at the head of the branch; undefined where there is none. */
  readonly headSha: string | undefined;
  readonly labels: readonly string[];
  readonly isFork: boolean;
  /** The repository of the branch; undefined where it was deleted. */
  readonly source: Source | undefined;
}

/** A repository by its addresses, or by the URL of the API that knows them. */
export type Source = CloneAddresses | { readonly lookUp: string };

/** Where a repository can be cloned from; empty where the server does not offer the protocol. */
export interface CloneAddresses {
  readonly http: string;
  readonly ssh: string;
}
