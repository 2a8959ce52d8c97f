import { isObject, type JsonObject, type JsonValue, ownValue } from '../../lib/json.ts';
import { stringifyYaml } from '../../lib/yaml.ts';
import type { Conversion, RewriteText } from '../conversion.ts';
import { type Field, fieldAt, fieldsOf, isObjectField, keyOf } from '../field.ts';
import { PREFIX } from './prefix.ts';

interface Resources {
  readonly conversion: Conversion;
  readonly rewrite: RewriteText;
  /** Whether each resource is rendered once. */
  readonly isOnce: boolean;
}

/** Annotations of resources that have another prefix here. */
const STEERING = ['prune', 'ssa', 'force'];

/** The templates of a ResourceSet, those of its steps too. */
export function convertResources(spec: Field | undefined, options: Resources): JsonValue[] {
  const { conversion } = options;
  const steps = fieldsOf(fieldAt(spec, 'steps'));
  const templates = [spec, ...steps].flatMap((part) => [
    ...fieldsOf(fieldAt(part, 'resources')).flatMap((field) => convertResource(field, spec, options)),
    ...convertText(fieldAt(part, 'resourcesTemplate'), options),
  ]);
  for (const step of steps) {
    conversion.lose(fieldAt(step, 'timeout'), 'there are no steps here');
    conversion.lose(
      fieldAt(step, 'name'),
      'its resources are templates, and all steps are one: what must come first needs a set of its own, and dependsOn',
    );
  }
  reportTwice(spec, options);
  reportCommonMetadata(spec, options);
  return templates;
}

function convertResource(field: Field, spec: Field | undefined, options: Resources): JsonObject[] {
  const { conversion, isOnce, rewrite } = options;
  const annotations = fieldAt(field, 'metadata', 'annotations');
  if (fieldAt(annotations, `${PREFIX}reconcile`)?.value === 'disabled') {
    conversion.leaveOut(field, 'its reconcile annotation says that it is not generated');
    return [];
  }
  reportAnnotations(field, annotations, conversion);
  const content = conversion.carry(field, (text, at, where) => {
    const isAnnotation = where === 'key' && at.path.length - field.path.length === 3;
    return rewrite(isAnnotation ? renameAnnotation(text, at) : text, at, where);
  });
  if (!isObject(content)) return [{ content }];
  addCommonMetadata(content, fieldAt(spec, 'commonMetadata'), conversion);
  if (isOnce || isTemplated(content)) return [{ content }];
  conversion.differ(field, 'all inputs share it, so it is a text that only the first one renders');
  return [
    { text: `<<- if eq .ElementIndex 0 >>\n${stringifyYaml(content, { sortKeys: true })}<<- end >>\n` },
  ];
}

function renameAnnotation(key: string, { path }: Field): string {
  const isSteering = STEERING.some((name) => key === `${PREFIX}${name}`);
  return isSteering && path.at(-2) === 'annotations' ? key.replace(PREFIX, 'generatorset.dev/') : key;
}

/** Annotations that only the other tool reads stay, wherever they stand, and are named. */
function reportAnnotations(field: Field, own: Field | undefined, conversion: Conversion): void {
  for (const child of fieldsOf(field)) {
    const key = keyOf(child);
    const isRenamed = STEERING.some((name) => key === `${PREFIX}${name}`) && isBelow(child, own);
    if (key.startsWith(PREFIX) && !isRenamed) conversion.lose(child, adviceFor(key.slice(PREFIX.length)));
    else reportAnnotations(child, own, conversion);
  }
}

function isBelow({ path }: Field, parent: Field | undefined): boolean {
  return parent !== undefined && path.length === parent.path.length + 1 && path.at(-2) === 'annotations';
}

function adviceFor(annotation: string): string {
  switch (annotation) {
    case 'reconcile':
      return 'it stays an annotation, and the object is generated: put {{ if }} around it in a text template';
    case 'copyFrom':
      return 'it stays an annotation, and nothing is copied: read the object with a config or object generator';
    case 'convertKubeConfigFrom':
      return 'it stays an annotation, and nothing is converted: name the Secret of the kubeconfig itself';
    case 'checksumFrom':
      return 'it stays an annotation, and no checksum is made: read the object with a config generator, and write sha256sum of its data';
    default:
      return 'it stays an annotation that nothing here reads';
  }
}

/** Whether the identity of an object depends on the inputs. */
function isTemplated(content: JsonObject): boolean {
  const metadata = ownValue(content, 'metadata');
  const parts = isObject(metadata) ? [ownValue(metadata, 'name'), ownValue(metadata, 'namespace')] : [];
  return [...parts, ownValue(content, 'kind')].some(
    (part) => typeof part === 'string' && part.includes('<<'),
  );
}

/** Wins over what the resource says itself. */
function addCommonMetadata(content: JsonObject, common: Field | undefined, conversion: Conversion): void {
  for (const name of ['labels', 'annotations']) {
    const fields = fieldsOf(fieldAt(common, name));
    if (fields.length === 0) continue;
    const metadata = ownObject(content, 'metadata');
    const target = ownObject(metadata, name);
    for (const field of fields) {
      const key = name === 'annotations' ? renameAnnotation(keyOf(field), field) : keyOf(field);
      conversion.put(target, key, field);
    }
  }
}

/** The object at a key, made where it is missing. */
function ownObject(parent: JsonObject, key: string): JsonObject {
  const value = ownValue(parent, key);
  if (isObject(value)) return value;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

function convertText(field: Field | undefined, { conversion, rewrite }: Resources): JsonObject[] {
  if (field === undefined) return [];
  const template: JsonObject = {};
  conversion.put(template, 'text', field, rewrite);
  return [template];
}

function reportTwice(spec: Field | undefined, { isOnce, conversion }: Resources): void {
  if (isOnce) return;
  const message = 'an object that is rendered twice is an error, rather than that the first one counts';
  for (const name of ['resources', 'resourcesTemplate']) conversion.differ(fieldAt(spec, name), message);
}

/** A text cannot be given labels before it is rendered. */
function reportCommonMetadata(spec: Field | undefined, { conversion }: Resources): void {
  const common = fieldAt(spec, 'commonMetadata');
  const texts = [spec, ...fieldsOf(fieldAt(spec, 'steps'))].some((part) =>
    fieldAt(part, 'resourcesTemplate'),
  );
  if (isObjectField(common) && texts)
    conversion.lose(common, 'it is in the resources, and not in resourcesTemplate: write it there');
}
