import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';

type Paths = Readonly<Record<string, readonly string[]>>;

/** One entry of the configuration of kube-state-metrics, as far as it is used here. */
export interface CustomResourceState {
  readonly groupVersionKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly metricNamePrefix: string;
  readonly metrics: readonly {
    readonly name: string;
    readonly each: { readonly type: string; readonly info: { readonly labelsFromPath: Paths } };
    readonly labelsFromPath: Paths;
  }[];
}

/**
 * The series that kube-state-metrics makes of an object for metrics of the type Info, by its documentation: labels that
 * lead to nothing are left out, and the kind is told by three of its own. The program itself is not at hand here.
 * https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/extend/customresourcestate-metrics.md
 */
export function evaluateState(
  { groupVersionKind, metricNamePrefix, metrics }: CustomResourceState,
  object: JsonObject,
): { readonly name: string; readonly labels: Readonly<Record<string, string>> }[] {
  const { group, version, kind } = groupVersionKind;
  return metrics.map(({ name, each, labelsFromPath }) => {
    if (each.type !== 'Info') throw new Error(`${each.type} is not known here`);
    const paths = Object.entries({ ...labelsFromPath, ...each.info.labelsFromPath });
    const found = paths.flatMap(([label, path]) => {
      const value = follow(object, path);
      return value === undefined || value === null ? [] : [[label, String(value)]];
    });
    const own = { customresource_group: group, customresource_kind: kind, customresource_version: version };
    return { name: `${metricNamePrefix}_${name}`, labels: { ...own, ...Object.fromEntries(found) } };
  });
}

/** A part is a key, or finds the item of a list whose field has a value: `[type=Ready]`. */
function follow(object: JsonValue, path: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = object;
  for (const part of path) {
    const [, key, value] = /^\[(.+)=(.+)\]$/.exec(part) ?? [];
    if (key !== undefined && Array.isArray(at)) {
      at = at.find((item) => isObject(item) && String(item[key]) === value);
    } else at = isObject(at) ? at[part] : undefined;
  }
  return at;
}
