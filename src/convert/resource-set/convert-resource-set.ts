import { API_VERSION, KIND } from '../../api/generatorset-schema.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { convertMetadata } from '../convert-metadata.ts';
import { type Field, fieldAt, fieldsOf, keyOf } from '../field.ts';
import { readsField } from '../template-words.ts';
import { convertInputs } from './convert-inputs.ts';
import { convertResources } from './convert-resources.ts';
import { PREFIX } from './prefix.ts';
import { DELIMITERS, inputsRewriter, type UsedInputs } from './rewrite-inputs.ts';

/**
 * A ResourceSet as a GeneratorSet: its inputs, and those of the providers that it names, are generators; its resources
 * are templates. Its delimiters stay.
 */
export function convertResourceSet(
  root: Field,
  conversion: Conversion,
  { providers }: { readonly providers: readonly Field[] },
): JsonObject {
  for (const key of ['apiVersion', 'kind']) conversion.use(fieldAt(root, key));
  const spec: JsonObject = {};
  const apply: JsonObject = {};
  const metadata = convertMetadata(root, conversion, (annotation) =>
    convertAnnotation(annotation, { root, spec, apply, conversion }),
  );
  metadata['annotations'] = {
    ...(metadata['annotations'] as JsonObject | undefined),
    'generatorset.dev/delimiters': DELIMITERS.join(','),
  };
  const used: UsedInputs = new Set();
  const rewrite = inputsRewriter(used);
  const from = fieldAt(root, 'spec');
  const templates = convertResources(from, { conversion, rewrite, isOnce: isOnce(from) });
  const hasProvider = used.has('*') || readsField(from, 'provider', DELIMITERS);
  convertSettings(from, spec, conversion);
  spec['generators'] = convertInputs(root, { conversion, providers, used, hasProvider });
  spec['templates'] = templates;
  if (conversion.isOn(fieldAt(from, 'wait')))
    spec['target'] = { apply: Object.assign(apply, { wait: true }) };
  return { apiVersion: API_VERSION, kind: KIND, metadata, spec };
}

/** Whether everything is rendered once, so that nothing can be rendered twice. */
function isOnce(spec: Field | undefined): boolean {
  const from = fieldsOf(fieldAt(spec, 'inputsFrom'));
  return from.length === 0 && fieldsOf(fieldAt(spec, 'inputs')).length < 2;
}

interface Annotated {
  readonly root: Field;
  readonly spec: JsonObject;
  readonly apply: JsonObject;
  readonly conversion: Conversion;
}

function convertAnnotation(annotation: Field, { root, spec, apply, conversion }: Annotated): boolean {
  const name = keyOf(annotation);
  if (!name.startsWith(PREFIX)) return false;
  switch (name.slice(PREFIX.length)) {
    case 'reconcile':
      if (annotation.value === 'disabled') conversion.set(spec, 'suspend', true, annotation);
      else conversion.leaveOut(annotation, 'a set runs unless spec.suspend is true');
      return true;
    case 'reconcileEvery':
      conversion.put(spec, 'interval', annotation);
      return true;
    case 'reconcileTimeout':
      if (fieldAt(root, 'spec', 'wait')?.value === true) conversion.put(apply, 'timeout', annotation);
      else conversion.leaveOut(annotation, 'without wait nothing is waited for');
      return true;
    default:
      conversion.lose(annotation, 'there is nothing like it here');
      return true;
  }
}

function convertSettings(from: Field | undefined, spec: JsonObject, conversion: Conversion): void {
  conversion.put(spec, 'serviceAccountName', fieldAt(from, 'serviceAccountName'));
  const list = fieldAt(from, 'dependsOn');
  conversion.useEmpty(list);
  const dependencies = fieldsOf(list);
  if (list === undefined || dependencies.length === 0) return;
  const converted = dependencies.map((field) => convertDependency(field, conversion));
  conversion.link(spec, 'dependsOn', converted, list);
}

/** Without `ready` an object must only exist. */
function convertDependency(field: Field, conversion: Conversion): JsonObject {
  const dependency: JsonObject = {};
  conversion.origins.note(dependency, field);
  for (const key of ['apiVersion', 'kind', 'name', 'namespace'])
    conversion.put(dependency, key, fieldAt(field, key));
  const ready = fieldAt(field, 'ready');
  const expression = fieldAt(field, 'readyExpr');
  if (!conversion.isOn(ready)) {
    dependency['readyExpr'] = 'true';
    conversion.leaveOut(expression, 'without ready: true it is not looked at');
  } else {
    conversion.lose(
      expression,
      'until it is written anew the Ready condition counts: CEL sees the object as dep here, such as dep.status.ready, and this set as self',
    );
  }
  return dependency;
}
