import assert from 'node:assert/strict';
import { formatValue, toDocument } from './output-format.ts';

const set = (name: string) => ({ kind: 'GeneratorSet', metadata: { name, managedFields: [{}], uid: 'u' } });
const shown = (name: string) => ({ kind: 'GeneratorSet', metadata: { name, uid: 'u' } });

describe('toDocument', () => {
  it('gives one object alone, and several as a List, without managedFields', () => {
    assert.deepEqual(toDocument([set('a')], { isOne: true }), shown('a'));
    const list = toDocument([set('a'), set('b')], { isOne: false });
    assert.deepEqual([list['kind'], list['items']], ['List', [shown('a'), shown('b')]]);
    assert.deepEqual(toDocument([], { isOne: true })['items'], []);
  });

  it('leaves what it was given as it was', () => {
    const given = set('a');
    toDocument([given], { isOne: true });
    assert.deepEqual(given, set('a'));
  });
});

describe('formatValue', () => {
  it('writes long integers with every digit', () => {
    assert.equal(
      formatValue({ size: 12345678901234567890n }, 'json'),
      '{\n    "size": 12345678901234567890\n}\n',
    );
    assert.equal(formatValue({ size: 12345678901234567890n }, 'yaml'), 'size: 12345678901234567890\n');
  });
});
