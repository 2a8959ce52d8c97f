/** What Flux's inventory id `namespace_name_group_kind` says. */
export interface ObjectId {
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
}

/** Reads an inventory id; undefined when it is none. Only names, such as those of roles, may hold underscores. */
export function parseObjectId(id: string): ObjectId | undefined {
  const match = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/s.exec(id);
  if (!match) return undefined;
  const [, namespace = '', name = '', group = '', kind = ''] = match;
  return { namespace, name, group, kind };
}

/** The object as people name it: `ConfigMap/apps/a`. */
export function describeId(id: string): string {
  const parsed = parseObjectId(id);
  if (!parsed) return JSON.stringify(id);
  const { namespace, name, kind } = parsed;
  return `${kind}/${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** The object as watches name it: `namespace/name`, or `name` of cluster-scoped kinds. */
export function watchKey({ namespace, name }: Pick<ObjectId, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
