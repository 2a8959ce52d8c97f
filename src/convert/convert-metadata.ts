import type { JsonObject } from '../lib/json.ts';
import type { Conversion } from './conversion.ts';
import { type Field, fieldAt, fieldsOf, isObjectField, keyOf } from './field.ts';

/** The fields of `metadata` that a cluster writes. */
const WRITTEN = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
  'ownerReferences',
  'finalizers',
];

/** Annotations that say what happened, not what is wanted. */
const PAST = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'reconcile.fluxcd.io/requestedAt',
  'reconcile.fluxcd.io/forceAt',
];

const BY_CLUSTER = 'written by the cluster';

/** Deals with an annotation of the set itself, or returns false where it means nothing special. */
export type ConvertAnnotation = (annotation: Field, annotations: JsonObject) => boolean;

/** Name, namespace, labels and annotations of a set; what a cluster wrote, its status too, is left out. */
export function convertMetadata(
  root: Field,
  conversion: Conversion,
  convertAnnotation: ConvertAnnotation = () => false,
): JsonObject {
  const field = fieldAt(root, 'metadata');
  const metadata: JsonObject = {};
  if (field) conversion.origins.note(metadata, field);
  for (const key of ['name', 'namespace', 'labels']) conversion.put(metadata, key, fieldAt(field, key));
  const annotations = convertAnnotations(fieldAt(field, 'annotations'), conversion, convertAnnotation);
  if (Object.keys(annotations).length > 0) metadata['annotations'] = annotations;
  for (const key of WRITTEN) conversion.leaveOut(fieldAt(field, key), BY_CLUSTER);
  conversion.leaveOut(fieldAt(root, 'status'), BY_CLUSTER);
  return metadata;
}

function convertAnnotations(
  field: Field | undefined,
  conversion: Conversion,
  convertAnnotation: ConvertAnnotation,
): JsonObject {
  const annotations: JsonObject = {};
  if (!isObjectField(field)) return annotations;
  conversion.origins.note(annotations, field);
  for (const annotation of fieldsOf(field)) {
    if (convertAnnotation(annotation, annotations)) continue;
    if (PAST.includes(keyOf(annotation))) conversion.leaveOut(annotation, 'it asks for nothing now');
    else conversion.put(annotations, keyOf(annotation), annotation);
  }
  conversion.useEmpty(field);
  return annotations;
}
