const DECIMAL = /^[1-9]\d{0,38}$/;

/**
 * Which of two resourceVersions of one collection is older: negative, zero or positive, or undefined where they
 * cannot be compared. Kubernetes declares decimal ones comparable since 1.35, and they were etcd's revisions before;
 * all others are opaque. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

/** Whether a version is known to be older than another. */
export function isOlder(version: string, than: string): boolean {
  return (compareVersions(version, than) ?? 0) < 0;
}
