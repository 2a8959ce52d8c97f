import assert from 'node:assert/strict';
import { makeCertificates } from '../../test/harness/http-certificates.ts';
import { memoryObjects } from '../../test/harness/memory-objects.ts';
import { readData, readPem, readSecret, readText, readTls } from './secret-data.ts';

const { server, ca } = makeCertificates();
const CANARY = 'canary-3d1c';

/** The Secret `a` of the namespace apps with these values. */
function read(values: Readonly<Record<string, string | Buffer>>) {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const objects = memoryObjects([
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'apps' }, data },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', namespace: 'apps' }, data: { k: 'v' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'other' }, data: {} },
  ]);
  return { namespace: 'apps', objects, signal: new AbortController().signal };
}

const secretOf = (values: Readonly<Record<string, string | Buffer>>) =>
  readSecret({ name: 'a' }, read(values));

describe('readData', () => {
  it('gives what the object of the namespace holds, and its name for messages', async () => {
    const { place, data } = await secretOf({ token: CANARY });
    assert.equal(place, 'Secret apps/a');
    assert.deepEqual([...data], [['token', Buffer.from(CANARY)]]);
    const map = await readData({ kind: 'ConfigMap', name: 'b' }, read({}));
    assert.deepEqual([map.place, readText(map, 'k')], ['ConfigMap apps/b', 'v']);
  });

  it('fails where there is no such object', () =>
    assert.rejects(readData({ kind: 'ConfigMap', name: 'a' }, read({})), {
      message: 'ConfigMap apps/a does not exist',
    }));
});

describe('readTls', () => {
  const client = { 'tls.crt': server.cert, 'tls.key': server.key };
  const good: [what: string, values: Record<string, string>, read: object][] = [
    ['a CA alone', { 'ca.crt': ca.cert }, { ca: ca.cert }],
    ['a client certificate', client, { cert: server.cert, key: server.key }],
    ['both', { ...client, 'ca.crt': ca.cert }, { ca: ca.cert, cert: server.cert, key: server.key }],
  ];
  for (const [what, values, expected] of good) {
    it(`gives ${what}`, async () => assert.deepEqual(readTls(await secretOf(values)), expected));
  }

  const bad: [what: string, values: Record<string, string | Buffer>, message: RegExp][] = [
    ['nothing of it', { other: CANARY }, /^Secret apps\/a has neither ca\.crt nor tls\.crt and tls\.key$/],
    ['a certificate without its key', { 'tls.crt': server.cert }, /^Secret apps\/a has no key tls\.key$/],
    ['a key without its certificate', { 'tls.key': CANARY }, /^Secret apps\/a has no key tls\.crt$/],
    ['a CA that is none', { 'ca.crt': CANARY }, /^Secret apps\/a: ca\.crt: /],
    ['a key that is no text', { ...client, 'tls.key': Buffer.from([0xff]) }, /: tls\.key is not UTF-8 text$/],
  ];
  for (const [what, values, message] of bad) {
    it(`refuses ${what}, and shows no value`, async () => {
      const secret = await secretOf(values);
      assert.throws(
        () => readTls(secret),
        (error: Error) => message.test(error.message) && !error.message.includes(CANARY),
      );
    });
  }
});

describe('readPem', () => {
  it('names the key that is not there', async () => {
    const secret = await secretOf({ toString: 'x' });
    assert.throws(() => readPem(secret, 'caFile'), { message: 'Secret apps/a has no key caFile' });
  });
});
