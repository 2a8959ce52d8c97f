import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { configMap, desiredFiles, previousOf } from '../../test/harness/plan.ts';
import { sha256 } from '../lib/digest.ts';
import { isObject, type JsonObject, type JsonValue, setOwn } from '../lib/json.ts';
import { parseYaml, stringifyYaml } from '../lib/yaml.ts';
import { keepOrder } from './keep-order.ts';

const signal = new AbortController().signal;
const wanted = configMap('a', { one: '1', two: '2' });

/** The text that is written for the wanted resource over what stands. */
async function written(before: string, data?: JsonObject): Promise<string> {
  const files = desiredFiles([data ? configMap('a', data) : wanted]);
  const [file] = await keepOrder(files, previousOf({ 'a.yaml': before }), signal);
  assert.ok(file);
  assert.equal(file.digest, sha256(file.text));
  return file.text;
}

/** The same value with all keys the other way round. */
function reverse(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reverse);
  if (!isObject(value)) return value;
  const reversed: JsonObject = {};
  for (const key of Object.keys(value).reverse()) setOwn(reversed, key, reverse(value[key] as JsonValue));
  return reversed;
}

describe('keepOrder', () => {
  it('finds nothing to change where only the order of keys differs', async () => {
    const before = stringifyYaml(reverse(wanted as JsonObject));
    assert.notEqual(before, stringifyYaml(wanted));
    assert.equal(await written(before), before);
  });

  it('changes the values alone', async () => {
    const before = stringifyYaml(reverse(wanted as JsonObject));
    assert.equal(
      await written(before, { one: '1', two: '3' }),
      before.replace("'2'", "'3'").replace('"2"', '"3"'),
    );
  });

  it('puts new keys last, and leaves out what is no longer wanted', async () => {
    const before = stringifyYaml(configMap('a', { two: '2', gone: 'x', one: '1' }));
    assert.deepEqual(Object.keys(dataOf(await written(before, { new: 'n', one: '1', two: '2' }))), [
      'two',
      'one',
      'new',
    ]);
  });

  const others: [string, string][] = [
    ['is no YAML', '{{'],
    ['is a list', '- 1\n'],
    ['is empty', ''],
  ];
  for (const [title, before] of others) {
    it(`writes as rendered over what ${title}`, async () => {
      assert.equal(await written(before), stringifyYaml(wanted));
    });
  }

  it('writes as rendered what is not there', async () => {
    const [file] = await keepOrder(desiredFiles([wanted]), previousOf({}), signal);
    assert.equal(file?.text, stringifyYaml(wanted));
  });

  it('keeps every value, whatever the file had', async () => {
    const values = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
    const property = fc.asyncProperty(values, values, async (data, old) => {
      const text = await written(stringifyYaml(configMap('a', old as JsonObject)), data as JsonObject);
      assert.deepEqual(dataOf(text), parseYaml(stringifyYaml(data as JsonObject)));
    });
    await fc.assert(property);
  });
});

function dataOf(text: string): JsonObject {
  return (parseYaml(text) as { data: JsonObject }).data;
}
