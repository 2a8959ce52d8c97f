import type { LabelSelector } from './label-selector.ts';
import type { Resource } from './resource.ts';

/** Reads objects: the cluster's, or those of a local folder. */
export interface ObjectReader {
  /** Undefined when there is no such object. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<Resource | undefined>;
  /** All objects that there are, sorted by namespace and name. More than can be held are an error, never a part. */
  list(ref: CollectionRef, signal: AbortSignal): Promise<readonly Resource[]>;
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The objects of one kind that are asked for together. */
export interface CollectionRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty: those of all namespaces. Kinds without namespaces don't look at it. */
  readonly namespace: string;
  /** Absent or empty: all. */
  readonly labelSelector?: LabelSelector;
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

/** What generators need of files that were packed or committed together; a commit's tree is one too. */
export interface FileTree {
  /** Every entry, sorted by path; bounded. */
  list(signal: AbortSignal): Promise<readonly FileEntry[]>;
  /** The bytes of files; bounded. Rejects for paths that are no file. */
  read(paths: readonly string[], signal: AbortSignal): Promise<Map<string, Buffer>>;
}

export type FileEntry = Pick<TreeEntry, 'path' | 'type' | 'size'>;

/** Reads artifacts of Flux's sources: what source-controller packed of a repository's revision. */
export interface ArtifactReader {
  /** Fetches the artifact, unless it is known, and makes sure that it is the one that its digest names. */
  open(artifact: ArtifactRef, signal: AbortSignal): Promise<ArtifactTree>;
}

/** An artifact as the status of a source names it. */
export interface ArtifactRef {
  readonly url: string;
  /** `sha256:<hex>`, or another algorithm's. */
  readonly digest: string;
  readonly revision: string;
}

/** The files and directories of an artifact; links are left out. */
export interface ArtifactTree extends FileTree {
  readonly revision: string;
}

export interface TreeEntry {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'submodule';
  /** Git's object id. */
  readonly oid: string;
  readonly size?: number;
}
