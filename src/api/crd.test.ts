import assert from 'node:assert/strict';
import { RE2JS } from 're2js';
import { sampleSchemas } from '../../test/harness/sample-sets.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { customResourceDefinition } from './crd.ts';

const { gitDirectory, ...schemas } = sampleSchemas;

const crd = customResourceDefinition(schemas, { team: 'red' });
const { versions } = crd['spec'] as unknown as { versions: [{ schema: { openAPIV3Schema: JsonObject } }] };
const root = versions[0].schema.openAPIV3Schema;

/** The schema of a field, by its path. */
function fieldAt(...path: string[]): JsonObject {
  let schema: JsonObject = root;
  for (const name of path) {
    const items = schema['items'];
    const { properties } = (isObject(items) ? items : schema) as { properties: Record<string, JsonObject> };
    schema = properties[name] as JsonObject;
  }
  return schema;
}

/** Every schema of a field, from the root on. */
function* schemasIn(value: JsonValue): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* schemasIn(item);
  if (!isObject(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* schemasIn(inner);
}

describe('customResourceDefinition', () => {
  it('has the labels that it is given', () => {
    assert.deepEqual(crd['metadata'], { name: 'generatorsets.generatorset.dev', labels: { team: 'red' } });
  });

  it('takes each generator, and exactly one in an entry', () => {
    const { items } = fieldAt('spec', 'generators') as { items: JsonObject };
    assert.deepEqual(
      items['oneOf'],
      Object.keys(schemas).map((key) => ({ required: [key] })),
    );
    assert.deepEqual(Object.keys(items['properties'] as JsonObject), ['name', ...Object.keys(schemas)]);
  });

  it('keeps elements and contents whole', () => {
    for (const path of [
      ['generators', 'list', 'elements'],
      ['templates', 'content'],
    ]) {
      const field = fieldAt('spec', ...path);
      const schema = isObject(field['items']) ? field['items'] : field;
      assert.equal(schema['x-kubernetes-preserve-unknown-fields'], true, path.join());
    }
  });

  it('restricts nothing of metadata but the name, as the server demands', () => {
    assert.deepEqual(Object.keys(fieldAt('metadata')), ['type', 'properties']);
    assert.deepEqual(Object.keys(fieldAt('metadata')['properties'] as JsonObject), ['name']);
    assert.equal(fieldAt('metadata', 'name')['maxLength'], 63);
  });

  it('lets each condition be written apart', () => {
    const conditions = fieldAt('status', 'conditions');
    assert.equal(conditions['x-kubernetes-list-type'], 'map');
    assert.deepEqual(conditions['x-kubernetes-list-map-keys'], ['type']);
  });

  it('says of a set without a status that no controller has looked at it', () => {
    assert.deepEqual(fieldAt('status')['default'], { observedGeneration: -1 });
    assert.equal(fieldAt('status', 'observedGeneration')['minimum'], -1);
    assert.equal(fieldAt('status', 'conditions', 'observedGeneration')['minimum'], 0);
  });

  it('has patterns that Go can read', () => {
    const patterns = [...schemasIn(root)]
      .map(({ pattern }) => pattern)
      .filter((it) => typeof it === 'string');
    assert.ok(patterns.length > 20);
    for (const pattern of patterns) assert.doesNotThrow(() => RE2JS.compile(pattern), pattern);
  });

  it('refuses a generator that no structural schema can describe', () => {
    assert.throws(
      () => customResourceDefinition(sampleSchemas),
      /spec\.generators\[\]\.gitDirectory\..*uniqueItems/,
    );
  });
});
