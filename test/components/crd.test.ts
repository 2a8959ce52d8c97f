import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { Agent, request } from 'undici';
import { generators } from '../../generators/index.ts';
import { customResourceDefinition } from '../../src/api/crd.ts';
import { generatorSetSchema } from '../../src/api/generatorset-schema.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { parseYamlDocuments } from '../../src/lib/yaml.ts';
import { nextStatus } from '../../src/status/next-status.ts';
import { readStatus } from '../../src/status/read-status.ts';
import type { ClusterSet } from '../harness/cluster-sets.ts';
import { type Spoilt, spoilt, valuesOf } from '../harness/schema-values.ts';
import { establishCrd } from './cluster-objects.ts';
import { type KubeApiserver, useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SETS = '/apis/generatorset.dev/v1alpha1/namespaces/default/generatorsets';
const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
const schema = generatorSetSchema(schemas) as JsonObject;
const specSchema = (schema['properties'] as JsonObject)['spec'] as JsonObject;

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false, useDefaults: true });
const isValid = ajv.compile<JsonObject>(schema);

const API_CLIENT = { interval: '5m', endpoint: 'http://prometheus:9090/' };
const minimal = { generators: [{ list: { elements: [] } }], templates: [{ text: 'x' }] };

interface StoredSet {
  readonly spec: JsonObject;
  readonly message?: string;
}

type SetOfTests = Pick<ClusterSet, 'metadata' | 'status'>;

function setWith(spec: JsonValue, name = 'test'): JsonObject {
  return { apiVersion: 'generatorset.dev/v1alpha1', kind: 'GeneratorSet', metadata: { name }, spec };
}

/** The object with the defaults of the JSON Schema, or undefined where it is not valid. */
function readAsFile(set: JsonObject): JsonObject | undefined {
  const copy = structuredClone(set);
  return isValid(copy) ? copy : undefined;
}

describe('the CustomResourceDefinition on a real API server', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();

  before(async () => {
    await establishCrd(server(), customResourceDefinition(schemas) as unknown as KubeObject);
  });

  const dryRun = (set: JsonObject) => server().request<StoredSet>('POST', `${SETS}?dryRun=All`, set);

  it('is served under its short name and its categories, with a status of its own', async () => {
    const path = '/apis/generatorset.dev/v1alpha1';
    const { body } = await server().request<{ resources: JsonObject[] }>('GET', path);
    const { shortNames, categories } = body.resources.find(({ name }) => name === 'generatorsets') ?? {};
    assert.deepEqual(shortNames, ['gset']);
    assert.deepEqual(categories, ['all', 'fluxcd', 'fluxcd-appliers']);
    assert.ok(body.resources.some(({ name }) => name === 'generatorsets/status'));
  });

  it('gives a set that no controller has looked at a status by which nobody takes it for ready', async () => {
    await server().request('POST', SETS, setWith(minimal, 'unseen'));
    const { body } = await server().request<SetOfTests>('GET', `${SETS}/unseen`);
    assert.deepEqual(body.status, { observedGeneration: -1 });
    assert.equal(genericStatusOf(body), 'InProgress');
    assert.deepEqual((await readTable(server(), `${SETS}/unseen`)).slice(2), [
      ['Ready', 0, null],
      ['Status', 0, null],
      ['Revision', 1, null],
      ['Elements', 1, null],
      ['Suspended', 1, false],
    ]);
    assert.deepEqual(readStatus(body.status), {});
    const contentType = 'application/json-patch+json';
    const report = { generation: 1, at: new Date(), duration: 1, elements: 0 };
    for (const [outcome, expected] of [
      [{ type: 'progressing', reason: 'Progressing', message: 'asked' }, 'InProgress'],
      [{ type: 'failed', reason: 'BuildFailed', message: 'no' }, 'InProgress'],
      [{ type: 'succeeded', message: 'well', changes: [] }, 'Current'],
    ] as const) {
      const value = nextStatus(readStatus(body.status), { ...report, outcome }) as unknown as JsonValue;
      const patch = [{ op: 'add', path: '/status', value }];
      const written = await server().request<SetOfTests>('PATCH', `${SETS}/unseen/status`, patch, {
        contentType,
      });
      assert.equal(written.status, 200);
      assert.deepEqual(written.body.status as unknown, value);
      assert.equal(genericStatusOf(written.body), expected, outcome.type);
    }
  });

  it('shows the columns that people look for', async () => {
    await server().request('POST', SETS, setWith(minimal, 'columns'));
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'ReconciliationSucceeded',
      message: 'all is well',
    };
    const conditions = [{ ...ready, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const status = { conditions, lastAppliedRevision: 'sha256:1', elements: 3 };
    const contentType = 'application/merge-patch+json';
    await server().request('PATCH', `${SETS}/columns/status`, { status }, { contentType });
    assert.deepEqual(await readTable(server(), `${SETS}/columns`), [
      ['Name', 0, 'columns'],
      ['Age', 0, '<age>'],
      ['Ready', 0, 'True'],
      ['Status', 0, 'all is well'],
      ['Revision', 1, 'sha256:1'],
      ['Elements', 1, 3],
      ['Suspended', 1, false],
    ]);
  });

  it('keeps every set of the examples as it is, with the defaults that a file has', async () => {
    const texts: string[] = [];
    for await (const file of glob('{examples,config/samples}/**/generatorset.yaml', { cwd: ROOT }))
      texts.push(await readFile(join(ROOT, file), 'utf8'));
    assert.ok(texts.length >= 5);
    for (const text of texts) {
      for (const { value } of parseYamlDocuments(text)) {
        const set = setWith((value as JsonObject)['spec'] as JsonObject);
        const { status, body } = await dryRun(set);
        assert.equal(status, 201, body.message);
        assert.deepEqual(body.spec, readAsFile(set)?.['spec']);
      }
    }
  });

  it('keeps whatever the schema of files accepts, with the same defaults', async () => {
    const property = fc.asyncProperty(valuesOf(specSchema), async (spec) => {
      const expected = readAsFile(setWith(spec));
      assert.ok(expected, `no valid set: ${JSON.stringify(isValid.errors)}`);
      const { status, body } = await dryRun(setWith(spec));
      assert.equal(status, 201, body.message);
      assert.deepEqual(body.spec, expected['spec']);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('refuses what the schema of files refuses', async () => {
    const wrong: fc.Arbitrary<Spoilt> = valuesOf(specSchema).chain((spec) =>
      fc.constantFrom(...spoilt(specSchema, spec, 'spec')),
    );
    const seen = new Set<string>();
    const property = fc.asyncProperty(wrong, async ({ value, how }) => {
      assert.equal(readAsFile(setWith(value)), undefined, how);
      const { status } = await dryRun(setWith(value));
      assert.equal(status, 422, how);
      seen.add(how.replace(/^[^:]*: (\w+ \w+).*/, '$1'));
    });
    await fc.assert(property, { numRuns: 400 });
    assert.ok(seen.size >= 6, [...seen].join());
  });

  for (const [title, spec] of [
    ['two generators in one entry', { generators: [{ list: { elements: [] }, apiClient: API_CLIENT }] }],
    ['no target in target', { target: {} }],
    ['two targets', { target: { apply: {}, directory: { path: 'x' } } }],
    ['content and text', { templates: [{ content: { a: 1 }, text: 'x' }] }],
    ['empty content', { templates: [{ content: {} }] }],
    ['a share above 100 %', { guard: { maxPrune: '101%' } }],
    ['a negative number of deletions', { guard: { maxPrune: -1 } }],
    ['half a deletion', { guard: { maxPrune: 0.5 } }],
    ['a URL of two lines', { target: { git: { url: 'https://example.com/\nx' } } }],
    [
      'an author with a mark',
      { target: { git: { url: 'x', commit: { author: { name: 'a<b', email: 'a@b' } } } } },
    ],
    ['a number as interval', { interval: 5 }],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const set = setWith({ ...minimal, ...spec } as JsonObject);
      assert.equal(readAsFile(set), undefined);
      assert.equal((await dryRun(set)).status, 422);
    });
  }

  it('keeps null where anything may stand', async () => {
    const body = { a: null, b: [null] };
    const elements = [{ gone: null, list: [null], map: { x: null } }];
    const generators = [
      { list: { elements } },
      { apiClient: { ...API_CLIENT, body } },
      { apiClient: { ...API_CLIENT, body: null } },
    ];
    const templates = [{ content: { a: null, b: { c: [null] } } }];
    const { body: stored } = await dryRun(setWith({ generators, templates } as unknown as JsonObject));
    assert.deepEqual([stored.spec['generators'], stored.spec['templates']], [generators, templates]);
  });

  it('refuses a name that would be no value of a label', async () => {
    assert.equal((await dryRun(setWith(minimal, 'a'.repeat(63)))).status, 201);
    assert.equal((await dryRun(setWith(minimal, 'a'.repeat(64)))).status, 422);
  });

  it('drops unknown fields, and tells nobody', async () => {
    const { status, body } = await dryRun(setWith({ ...minimal, guards: { onEmpty: 'prune' } }));
    assert.equal(status, 201);
    assert.equal(body.spec['guards'], undefined);
  });
});

/**
 * What kstatus says of an object of a kind that it does not know:
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/status/generic.go. One without conditions is ready.
 */
function genericStatusOf({ metadata, status = {} }: SetOfTests): string {
  const has = (type: string, value: string) =>
    status.conditions?.some((condition) => condition.type === type && condition.status === value) ?? false;
  const { observedGeneration } = status;
  if (observedGeneration !== undefined && observedGeneration !== metadata['generation']) return 'InProgress';
  if (has('Reconciling', 'True')) return 'InProgress';
  if (has('Stalled', 'True')) return 'Failed';
  return has('Ready', 'False') || has('Ready', 'Unknown') ? 'InProgress' : 'Current';
}

/** What `kubectl get -o wide` shows of an object: each column's name, priority and text. */
async function readTable({ url, ca, adminToken }: KubeApiserver, path: string): Promise<JsonValue[][]> {
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const headers = {
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
      authorization: `Bearer ${adminToken}`,
    };
    const answer = await request(`${url}${path}`, { dispatcher, headers });
    const { columnDefinitions, rows } = (await answer.body.json()) as {
      columnDefinitions: { name: string; priority: number }[];
      rows: { cells: JsonValue[] }[];
    };
    return columnDefinitions.map(({ name, priority }, index) => {
      const cell = rows[0]?.cells[index] ?? null;
      return [name, priority, name === 'Age' && /^\d+s$/.test(String(cell)) ? '<age>' : cell];
    });
  } finally {
    await dispatcher.close();
  }
}
