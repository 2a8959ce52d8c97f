import { describeElement, type GeneratedElement, SECRET_VALUE } from '../api/element.ts';
import type { Template } from '../api/generatorset-schema.ts';
import type { Read, RenderedResource } from '../api/rendered-resource.ts';
import { formatPosition, type Path, type Source } from '../api/source.ts';
import type { LeafOrigin } from './change.ts';

/** The text that a set was read from, and its templates, for the places of leaves. */
export interface TemplateSource {
  readonly source: Source;
  readonly templates: readonly Template[];
}

/** What is the same for all leaves of a resource: its template, its element, and what was asked. */
export function describeOrigin({
  from,
  template,
}: RenderedResource): Omit<LeafOrigin, 'at' | 'reads' | 'decisions'> {
  const { generator, generatorName, query, evaluated, sampled } = from;
  return {
    template,
    element: describeElement(from),
    generator,
    generatorName,
    ...(query !== undefined && { query }),
    ...(evaluated !== undefined && { evaluated }),
    ...(sampled !== undefined && { sampled }),
  };
}

/** The scalars that the leaf at this path read, and which of them were decided. */
export function readsOf(
  { from, reads }: RenderedResource,
  path: Path,
): Pick<LeafOrigin, 'reads' | 'decisions'> {
  const read = hideReads(reads(path), from);
  const byPath = new Map(from.decisions?.map((decision) => [decisionPath(decision), decision]));
  return { reads: read, decisions: read.flatMap((one) => byPath.get(one.path) ?? []) };
}

/** What was read, without its values where these may be those of a Secret. */
export function hideReads(reads: readonly Read[], { isSecret }: GeneratedElement): readonly Read[] {
  return isSecret ? reads.map(({ path }) => ({ path, value: SECRET_VALUE })) : reads;
}

/** The path under which templates read a decision. Its name needs no quotes. */
export function decisionPath({ name }: { readonly name: string }): string {
  return `.Element.${name}`;
}

/** `file:line:column` of what a template says for a leaf, or of the nearest part of the template around it. */
export function locateLeaf(
  { source, templates }: TemplateSource,
  { template, path }: { readonly template: number; readonly path: Path },
): string {
  const at = ['spec', 'templates', template];
  const { content, text } = templates[template] ?? {};
  if (content) return formatPosition(source.locate([...at, 'content', ...path]));
  return formatPosition(source.locate([...at, text === undefined ? 'from' : 'text']));
}
