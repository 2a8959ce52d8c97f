import assert from 'node:assert/strict';
import { identify, parseWatchEvent } from './watch-event.ts';

describe('parseWatchEvent', () => {
  for (const type of ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']) {
    it(`reads ${type}`, () => {
      assert.deepEqual(parseWatchEvent(JSON.stringify({ type, object: { a: 1 } })), {
        type,
        object: { a: 1 },
      });
    });
  }

  it('skips types that it does not know', () => {
    assert.equal(parseWatchEvent('{"type":"LATER","object":{}}'), undefined);
  });

  const garbage = [
    '',
    '{',
    'null',
    '[]',
    '1',
    '{}',
    '{"type":"ADDED"}',
    '{"type":1,"object":{}}',
    '{"type":"ADDED","object":[]}',
  ];
  for (const line of [...garbage, '{"type":"ADDED","object":{"data":{"password":"hunter2"']) {
    it(`refuses ${line || 'an empty line'} and quotes nothing of it`, () => {
      assert.throws(
        () => parseWatchEvent(line),
        (error: Error) => {
          assert.ok(error instanceof SyntaxError);
          const cause = error.cause as Error | undefined;
          assert.doesNotMatch(
            `${error.message} ${cause?.message} ${String(cause?.cause)}`,
            /hunter2|password/,
          );
          return true;
        },
      );
    });
  }

  it('keeps every digit', () => {
    const event = parseWatchEvent('{"type":"ADDED","object":{"n":12345678901234567890,"m":12}}');
    assert.deepEqual(event?.object, { n: 12345678901234567890n, m: 12 });
  });

  it('reads what no set may hold: one odd object must not hide the others', () => {
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
    const event = parseWatchEvent(`{"type":"ADDED","object":{"__proto__":{"a":1},"deep":${deep}}}`);
    assert.ok(event && Object.hasOwn(event.object, '__proto__'));
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });
});

describe('identify', () => {
  it('names objects by namespace and name', () => {
    const metadata = { name: 'a', namespace: 'b', resourceVersion: '1' };
    assert.deepEqual(identify({ metadata }), { key: 'b/a', resourceVersion: '1' });
    const { namespace: _, ...clusterScoped } = metadata;
    assert.deepEqual(identify({ metadata: clusterScoped }), { key: 'a', resourceVersion: '1' });
  });

  for (const metadata of [
    undefined,
    null,
    [],
    {},
    { name: 'a' },
    { resourceVersion: '1' },
    { name: '', resourceVersion: '1' },
  ]) {
    it(`refuses ${JSON.stringify(metadata)}`, () => {
      assert.throws(() => identify({ metadata } as never), SyntaxError);
    });
  }
});
