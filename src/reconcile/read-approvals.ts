/** Releases held plans and changes that have these digests, separated by commas. */
const APPROVE_ANNOTATION = 'generatorset.dev/approve';

/** All digests that somebody has approved: on the command line, or in the annotation of the set. */
export function readApprovals(
  given: readonly string[] | undefined,
  annotations: Readonly<Record<string, string>> = {},
): ReadonlySet<string> {
  const annotated = Object.hasOwn(annotations, APPROVE_ANNOTATION) ? annotations[APPROVE_ANNOTATION] : '';
  const texts = [...(given ?? []), annotated ?? ''];
  return new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter((digest) => digest !== ''));
}
