import assert from 'node:assert/strict';
import { Agent, request } from 'undici';
import { type ClusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { readyOf } from '../harness/controller-suite.ts';
import { readObject, waitFor } from './cluster-objects.ts';
import { tenantSet, useTenants } from './tenancy-world.ts';

describe('a set that nobody can use', function () {
  this.timeout(120_000);
  const { server, alice, mallory, restart } = useTenants();

  /** Somebody else's set is served. */
  async function calm(what: string): Promise<void> {
    const set = tenantSet(alice(), `calm-${what}`);
    await alice().apply(set);
    await waitForCondition(server(), set, { status: 'True' }, 60_000);
  }

  const deep = (levels: number, inner: string): string => '{"a":'.repeat(levels) + inner + '}'.repeat(levels);
  const poisons: [string, (set: ClusterSet) => string, RegExp][] = [
    ['9,000 levels', (set) => withElement(set, deep(9000, '1')), /nested deeper than 64 levels/],
    [
      '9,000 levels and a long number',
      (set) => withElement(set, `{"n":12345678901234567890,"a":${deep(8990, '1')}}`),
      /nested deeper than 64 levels/,
    ],
    ['100 levels', (set) => withElement(set, deep(100, '1')), /nested deeper than 64 levels/],
    ['a key __proto__', (set) => withElement(set, '{"__proto__": {"polluted": "yes"}}'), /__proto__/],
    ['a number of 1,200 digits', (set) => withElement(set, `{"n": ${'9'.repeat(300)}}`), /./],
    ['1 MB of text', (set) => withElement(set, JSON.stringify({ name: 'x'.repeat(1_000_000) })), /./],
    ['20,000 elements', (set) => withElement(set, Array(20_000).fill('{"a":1}').join(',')), /./],
    [
      'names of methods',
      (set) => withElement(set, '{"constructor": 1, "toString": 2, "hasOwnProperty": 3}'),
      /name/,
    ],
  ];

  function withElement(set: ClusterSet, element: string): string {
    return JSON.stringify(set).replace('"ELEMENT"', () => element);
  }

  it('stops nobody else, now or after a restart', async () => {
    const sets: [ClusterSet, RegExp][] = [];
    for (const [index, [what, write, expected]] of poisons.entries()) {
      const set = tenantSet(mallory(), `poison-${index}`, {
        generators: [{ list: { elements: ['ELEMENT'] } }],
      });
      const { namespace } = mallory();
      const { status, text } = await post(
        `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets`,
        write(set),
      );
      assert.equal(status, 201, `${what}: ${text.slice(0, 300)}`);
      sets.push([set, expected]);
    }
    await calm('poison');
    for (const [set, expected] of sets) {
      const failed = await waitForCondition(server(), set, {}, 20_000);
      assert.match(readyOf(failed), expected, set.metadata.name);
    }
    await restart();
    await calm('poison-2');
    // Those that nobody can use can be deleted.
    for (const [set] of sets) await mallory().remove(set);
    await waitFor('the sets to be gone', async () => {
      const left = await Promise.all(sets.map(([set]) => readObject(server(), set)));
      return left.every((set) => set === undefined);
    });
  });

  async function post(path: string, text: string): Promise<{ status: number; text: string }> {
    // As text: what JSON.stringify gives cannot hold all of these.
    const agent = new Agent({ connect: { ca: server().ca } });
    try {
      const headers = {
        authorization: `Bearer ${server().adminToken}`,
        'content-type': 'application/json',
      };
      const answer = await request(`${server().url}${path}`, {
        method: 'POST',
        dispatcher: agent,
        headers,
        body: text,
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    } finally {
      await agent.destroy();
    }
  }

  const annotations: [string, string][] = [
    ['no delimiters', ''],
    ['one delimiter', '{{'],
    ['equal delimiters', '{{,{{'],
    ['three delimiters', '{{,}},{{'],
    ['quotes as delimiters', '","'],
    ['expressions as delimiters', '.*,.+'],
    ['line breaks as delimiters', '\n,\n'],
    ['delimiters of 10 KB', `${'{'.repeat(5000)},${'}'.repeat(5000)}`],
  ];
  for (const [index, [what, value]] of annotations.entries()) {
    it(`is refused with ${what}`, async () => {
      const metadata = {
        annotations: { 'generatorset.dev/delimiters': value, 'x/y': 'a\nb\u001b[31m%s"}' },
      };
      const set = tenantSet(mallory(), `delimiters-${index}`, {
        metadata: { ...metadata, name: `delimiters-${index}`, namespace: mallory().namespace },
      });
      const { status, body } = await mallory().apply(set);
      assert.ok(status < 300, JSON.stringify(body));
      await waitForCondition(server(), set, { status: 'False', reason: 'InvalidDelimiters' });
    });
  }
});
