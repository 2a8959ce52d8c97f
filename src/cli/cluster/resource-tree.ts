import type { ObjectId } from '../../apply/object-id.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { printable } from '../printer.ts';

/** What an inventory names. */
export interface ResourceName extends ObjectId {
  /** Version of the API, where it is known. */
  readonly version?: string;
}

/** A resource and what it has brought in. */
export interface ResourceTree {
  readonly resource: ResourceName;
  readonly children: readonly ResourceTree[];
}

/** A tree as lines, as `flux tree` draws it. */
export function formatTree(tree: ResourceTree): string {
  return `${describeResource(tree.resource)}\n${formatChildren(tree.children, '')}`;
}

/** A tree with the fields that `flux tree -o json` has. */
export function treeToJson({ resource, children }: ResourceTree): JsonObject {
  const { namespace, name, group, kind } = resource;
  const resources: JsonValue[] = children.map(treeToJson);
  return {
    resource: { Namespace: namespace, Name: name, GroupKind: { Group: group, Kind: kind } },
    ...(resources.length > 0 && { resources }),
  };
}

/** `Kind/namespace/name`, or `Kind/name` for what has no namespace. */
export function describeResource({ kind, namespace, name }: ResourceName): string {
  const text = [kind, namespace, name].filter((part) => part !== '').join('/');
  return printable(text).replaceAll('\n', '\\n');
}

function formatChildren(children: readonly ResourceTree[], indent: string): string {
  return children
    .map(({ resource, children: below }, index) => {
      const isLast = index === children.length - 1;
      const line = `${indent}${isLast ? '└── ' : '├── '}${describeResource(resource)}\n`;
      return line + formatChildren(below, `${indent}${isLast ? '    ' : '│   '}`);
    })
    .join('');
}
