import type { Resource } from './resource.ts';

/** Reads objects: the cluster's, or those of a local folder. Undefined when there is no such object. */
export interface ObjectReader {
  get(ref: ObjectRef, signal: AbortSignal): Promise<Resource | undefined>;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Bounded, guarded, recordable HTTP. Retries 429 and 5xx itself; throws when there is no answer at all. */
export interface HttpReader {
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM; replaces the system's roots. */
  readonly ca?: string;
  /** PEM; the client's certificate and key. */
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds for the whole exchange, retries included. */
  readonly timeout: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded as UTF-8, at most the reader's cap. */
  readonly body: string;
}

/** Reads commits' trees of Git repositories, never a work tree. */
export interface TreeReader {
  /** Resolves the ref on the remote and makes its tree readable. A ref that is missing is an error. */
  open(repository: RepositoryRef, signal: AbortSignal): Promise<Tree>;
}

export interface RepositoryRef {
  readonly url: string;
  /** Exactly one. */
  readonly ref: { readonly branch?: string; readonly tag?: string; readonly commit?: string };
  readonly auth?: GitAuth;
}

/** Credentials of a repository, as Flux's GitRepository secrets carry them. */
export interface GitAuth {
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  /** PEM of the server's authority. */
  readonly ca?: string;
  /** Private key and known_hosts for ssh. */
  readonly identity?: string;
  readonly knownHosts?: string;
}

/** The tree of one commit. */
export interface Tree {
  readonly commit: string;
  /** Every entry below `prefix` (all without one), recursively, sorted by path; bounded. */
  list(signal: AbortSignal, prefix?: string): Promise<TreeEntry[]>;
  /** The bytes of files; bounded. Rejects for paths that are no file. */
  read(paths: readonly string[], signal: AbortSignal): Promise<Map<string, Buffer>>;
}

export interface TreeEntry {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'submodule';
  /** Git's object id. */
  readonly oid: string;
  readonly size?: number;
}
