import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import { generators } from '../../generators/index.ts';
import type { JsonObject } from '../lib/json.ts';
import { SCHEMA_OPTIONS } from './compile-schema.ts';
import { generatorSetSchema } from './generatorset-schema.ts';
import { shareSchemas } from './share-schemas.ts';

const text: JsonObject = { type: 'string' };

describe('shareSchemas', () => {
  it('writes an object once that stands in several places, also within another', () => {
    const inner: JsonObject = { type: 'object', properties: { a: text } };
    const outer: JsonObject = { type: 'object', properties: { inner } };
    const schema: JsonObject = {
      type: 'object',
      properties: { inner, outer, list: { type: 'array', items: outer } },
    };
    const before = structuredClone(schema);
    assert.deepEqual(shareSchemas(schema), {
      type: 'object',
      properties: {
        inner: { $ref: '#/definitions/shared0' },
        outer: { $ref: '#/definitions/shared1' },
        list: { type: 'array', items: { $ref: '#/definitions/shared1' } },
      },
      definitions: {
        shared0: { type: 'object', properties: { a: text } },
        shared1: { type: 'object', properties: { inner: { $ref: '#/definitions/shared0' } } },
      },
    });
    assert.deepEqual(schema, before);
  });

  it('leaves in its place what is there once, equal to another one, or small', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: {
        a: { type: 'object', properties: { x: text } },
        b: { type: 'object', properties: { x: text } },
        c: text,
      },
    };
    assert.deepEqual(shareSchemas(schema), schema);
  });

  it('finds the same mistakes, and fills in the same defaults', () => {
    const schema = generatorSetSchema(
      Object.fromEntries(generators.map((it) => [it.name, it.schema])),
    ) as JsonObject;
    const shared = shareSchemas(schema);
    assert.ok(Object.keys(shared['definitions'] as JsonObject).length > 5);
    const [whole, parts] = [schema, shared].map((it) => new Ajv(SCHEMA_OPTIONS).compile(it));
    const list = { elements: [{}] };
    const children: JsonObject[][] = [
      [{ list }],
      [{ list: { elements: 1 } }, { prometheus: { interval: 'x', url: 'y' } }],
      [{ matrix: { generators: [{ list }] } }],
      [{ merge: { keys: [1], generators: [{ gitDirectory: { directories: [{ exclude: [1] }] } }] } }],
    ];
    for (const entries of children) {
      const set = {
        apiVersion: 'generatorset.dev/v1alpha1',
        kind: 'GeneratorSet',
        metadata: { name: 'a' },
        spec: { generators: [...entries, { matrix: { generators: entries } }], templates: [{ text: 'a' }] },
      };
      const [first, second] = [whole, parts].map((check) => {
        const value = structuredClone(set);
        check?.(value);
        const errors = (check?.errors ?? []).map(({ instancePath, keyword, params }) => [
          instancePath,
          keyword,
          params,
        ]);
        return { value, errors };
      });
      assert.deepEqual(second, first);
    }
  });
});
