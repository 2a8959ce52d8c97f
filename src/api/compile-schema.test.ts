import assert from 'node:assert/strict';
import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import { generators } from '../../generators/index.ts';
import { spoilt, valuesOf } from '../../test/harness/schema-values.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { compileSchema, SCHEMA_OPTIONS } from './compile-schema.ts';
import { generatorSetSchema } from './generatorset-schema.ts';

const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
const schema = generatorSetSchema(schemas) as JsonObject;
const specSchema = (schema['properties'] as JsonObject)['spec'] as JsonObject;

function setWith(spec: JsonValue): JsonObject {
  return { apiVersion: 'generatorset.dev/v1alpha1', kind: 'GeneratorSet', metadata: { name: 'test' }, spec };
}

/** What is wrong and where, without the schema, which differs where parts of it are shared. */
function mistakesOf(errors: readonly ErrorObject[] | null | undefined): unknown {
  return errors?.map(({ instancePath, keyword, params, message }) => [
    instancePath,
    keyword,
    params,
    message,
  ]);
}

describe('compileSchema', () => {
  const compiled = compileSchema(schema);
  const fresh = new Ajv(SCHEMA_OPTIONS).compile<JsonObject>(schema);

  it('takes the module that is compiled already for the schema of this version', () => {
    assert.equal(compileSchema(structuredClone(schema)), compiled);
  });

  it('compiles every other schema', () => {
    const check = compileSchema({ type: 'object', properties: { a: { type: 'string', default: 'x' } } });
    const value: JsonObject = {};
    assert.equal(check(value), true);
    assert.deepEqual(value, { a: 'x' });
    assert.equal(check({ a: 1 }), false);
    assert.equal(check.errors?.[0]?.instancePath, '/a');
  });

  it('says of right and wrong sets what Ajv says, with the same defaults', () => {
    const anySpec = valuesOf(specSchema).chain((spec) =>
      fc.constantFrom(spec, ...spoilt(specSchema, spec).map(({ value }) => value)),
    );
    const verdicts = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(anySpec, (spec) => {
        const [one, other] = [setWith(spec), structuredClone(setWith(spec))];
        const valid = fresh(one);
        verdicts[valid ? 'right' : 'wrong']++;
        assert.equal(compiled(other), valid);
        assert.deepEqual(mistakesOf(compiled.errors), mistakesOf(fresh.errors));
        assert.deepEqual(other, one);
      }),
      { numRuns: 300 },
    );
    assert.ok(verdicts.wrong > 100, JSON.stringify(verdicts));
  });
});
