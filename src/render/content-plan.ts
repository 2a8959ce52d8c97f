import type { Path } from '../api/source.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { compileKey, compileLeaf, type LeafOptions, type RenderKey, type RenderLeaf } from './leaf.ts';

/**
 * A content, compiled once: what is static is there already, leaves give a value for each element. A record is a map
 * whose keys are all known: `fixed` has them in their order, with what is static; its entries give the rest.
 */
type ContentPlan =
  | { readonly kind: 'static'; readonly value: JsonValue }
  | { readonly kind: 'leaf'; readonly path: Path; readonly render: RenderLeaf }
  | { readonly kind: 'list'; readonly items: readonly ContentPlan[] }
  | { readonly kind: 'map'; readonly entries: readonly PlannedEntry[] }
  | { readonly kind: 'record'; readonly entries: readonly PlannedEntry[]; readonly fixed: JsonObject };

/** An entry of a map; `render` gives its key where that is a template. */
interface PlannedEntry {
  readonly key: string;
  readonly path: Path;
  readonly render?: RenderKey;
  readonly value: ContentPlan;
}

/** Takes what is wrong with one leaf; the others go on. */
export type Report = (error: unknown, path: Path, where: 'key' | 'value') => void;

/** Compiles every leaf and key of a content. Those that don't parse are reported. */
export function planContent(content: JsonObject, options: LeafOptions, report: Report): ContentPlan {
  return planValue(content, { path: [], indent: -INDENT, inMap: false }, { options, report });
}

/** What planning one content needs everywhere. */
interface Planning {
  readonly options: LeafOptions;
  readonly report: Report;
}

/** Columns per level, where GitOpsSets writes the content as YAML. */
const INDENT = 2;

/** Where a value stands in the content, and in the YAML that GitOpsSets makes of it. */
interface Place {
  readonly path: Path;
  /** Columns of the collection around it. */
  readonly indent: number;
  /** Whether it is the value of a key: a list then stands below it without indentation. */
  readonly inMap: boolean;
}

function planValue(value: JsonValue, place: Place, planning: Planning): ContentPlan {
  const { path, indent } = place;
  if (Array.isArray(value)) {
    const inner = place.inMap ? indent : indent + INDENT;
    const items = value.map((item, index) =>
      planValue(item, { path: [...path, index], indent: inner, inMap: false }, planning),
    );
    return items.every(isStatic) ? { kind: 'static', value } : { kind: 'list', items };
  }
  if (isObject(value)) return planMap(value, place, planning);
  if (typeof value !== 'string') return { kind: 'static', value };
  const options = { ...planning.options, indent: indent + INDENT };
  const render = attempt(() => compileLeaf(value, options), path, planning.report);
  return render ? { kind: 'leaf', path, render } : { kind: 'static', value };
}

/** Keys are compiled like values; a map without any template in it is static as a whole. */
function planMap(map: JsonObject, { path, indent }: Place, planning: Planning): ContentPlan {
  const entries = Object.keys(map).map((key): PlannedEntry => {
    const place = { path: [...path, key], indent: indent + INDENT, inMap: true };
    const value = planValue(map[key] as JsonValue, place, planning);
    const reportKey: Report = (error) => planning.report(error, place.path, 'key');
    const render = attempt(() => compileKey(key, planning.options), place.path, reportKey);
    return { key, path: place.path, value, ...(render && { render }) };
  });
  const isWholeStatic = entries.every((entry) => !entry.render && isStatic(entry.value));
  if (isWholeStatic) return { kind: 'static', value: map };
  if (entries.some((entry) => entry.render) || Object.hasOwn(map, '__proto__'))
    return { kind: 'map', entries };
  const fixed = Object.fromEntries(
    entries.map(({ key, value }) => [key, isStatic(value) ? value.value : null]),
  );
  return { kind: 'record', entries: entries.filter(({ value }) => !isStatic(value)), fixed };
}

function isStatic(plan: ContentPlan): plan is Extract<ContentPlan, { kind: 'static' }> {
  return plan.kind === 'static';
}

/** The value of a compiled content for this data. What is wrong with a leaf is reported, and the leaf left null. */
export function renderPlan(plan: ContentPlan, data: object, report: Report): JsonValue {
  switch (plan.kind) {
    case 'static':
      return plan.value;
    case 'leaf':
      return renderLeaf(plan, data, report);
    case 'list':
      return plan.items.map((item) => renderPlan(item, data, report));
    case 'record':
      return renderRecord(plan, data, report);
    case 'map':
      return renderMap(plan.entries, data, report);
  }
}

function renderLeaf(plan: Extract<ContentPlan, { kind: 'leaf' }>, data: object, report: Report): JsonValue {
  try {
    return plan.render(data);
  } catch (error) {
    report(error, plan.path, 'value');
    return null;
  }
}

/** A copy with the same keys is made much faster than a map key by key. */
function renderRecord(
  plan: Extract<ContentPlan, { kind: 'record' }>,
  data: object,
  report: Report,
): JsonObject {
  const record = { ...plan.fixed };
  for (const { key, value } of plan.entries) record[key] = renderPlan(value, data, report);
  return record;
}

function renderMap(entries: readonly PlannedEntry[], data: object, report: Report): JsonObject {
  const map: JsonObject = {};
  for (const { key, path, render, value } of entries) {
    let name: string | undefined;
    try {
      name = checkKey(render ? render(data) : key, map);
    } catch (error) {
      report(error, path, 'key');
    }
    const rendered = renderPlan(value, data, report);
    if (name !== undefined) map[name] = rendered;
  }
  return map;
}

/** Throws when a key stands in the map already, as rendered ones may, or may not stand in any. */
function checkKey(key: string, map: JsonObject): string {
  if (key === '__proto__') throw new Error('the key "__proto__" is refused');
  if (Object.hasOwn(map, key))
    throw new Error(`key ${JSON.stringify(key)} is there already: keys must differ`);
  return key;
}

/** Finds the leaf that gave what stands at a path of the rendered content, or that the path leads into. */
export type FindLeaf = (path: Path) => RenderLeaf | undefined;

/** A finder for one rendered content. Keys that are templates are rendered again, once for all leaves. */
export function createLeafFinder(plan: ContentPlan, data: object): FindLeaf {
  const known = new Map<ContentPlan, ReadonlyMap<string, ContentPlan>>();

  function childOf(parent: ContentPlan, part: string | number): ContentPlan | undefined {
    if (parent.kind === 'list') return typeof part === 'number' ? parent.items[part] : undefined;
    if ((parent.kind !== 'map' && parent.kind !== 'record') || typeof part === 'number') return undefined;
    const children = known.get(parent) ?? renderKeys(parent.entries, data);
    known.set(parent, children);
    return children.get(part);
  }

  return (path) => {
    let found: ContentPlan | undefined = plan;
    for (const part of path) {
      if (found === undefined || found.kind === 'leaf') break;
      found = childOf(found, part);
    }
    return found?.kind === 'leaf' ? found.render : undefined;
  };
}

function renderKeys(entries: readonly PlannedEntry[], data: object): ReadonlyMap<string, ContentPlan> {
  return new Map(entries.map(({ key, render, value }) => [render ? render(data) : key, value]));
}

/** The result of the action; undefined, and the error reported, when it throws. */
function attempt<T>(action: () => T, path: Path, report: Report): T | undefined {
  try {
    return action();
  } catch (error) {
    report(error, path, 'value');
    return undefined;
  }
}
