import assert from 'node:assert/strict';
import fc from 'fast-check';
import { configMap, rendered } from '../../test/harness/plan.ts';
import type { StandingDecision } from '../api/decision.ts';
import type { Resource } from '../api/resource.ts';
import type { Evidence } from '../plan/change.ts';
import { toDesiredObjects } from '../plan/desired-file.ts';
import { collectEvidence } from '../plan/evidence.ts';
import { AppliedObjects } from './applied-objects.ts';
import type { Decision } from './decide.ts';
import { createExplainer } from './object-evidence.ts';

const LIMIT: StandingDecision = {
  element: 'a',
  name: 'limit',
  value: '448Mi',
  since: '2026-03-01T12:00:00Z',
  rule: 'Computed',
  input: '365432832',
  previous: '384Mi',
};

/** A resource whose data is read from its element, and what is to be done about it. */
function decisionOf(resource: Resource, action: Decision['action'] = 'configured'): Decision {
  const value = (field: unknown) =>
    String((resource as { data?: Record<string, unknown> }).data?.[String(field)]);
  const plain = rendered(resource, (path) => {
    if (path[0] !== 'data') return [];
    return [{ path: path[1] === 'limit' ? '.Element.limit' : '.Element.other', value: value(path[1]) }];
  });
  const [file] = toDesiredObjects([{ ...plain, from: { ...plain.from, decisions: [LIMIT] } }]);
  if (!file) throw new Error('no object');
  const { id, text, digest } = file;
  const object = { id, text, digest, file, resource, mode: 'Apply', stage: 0, isComing: false };
  return { object, action, isDrift: false } as unknown as Decision;
}

/** The memory of a process that has applied these. */
async function appliedBefore(...resources: Resource[]): Promise<AppliedObjects> {
  const applied = new AppliedObjects({ onDrift() {} });
  for (const { object } of resources.map((resource) => decisionOf(resource))) {
    const place = { id: object.id, name: 'a', namespace: 'flux-system', kind: { kind: 'ConfigMap' } };
    const live = { uid: 'u', resourceVersion: '1' };
    await applied.write(place as never, object.digest, async () => live as never);
    applied.keepText(object.id, object.file.text);
  }
  return applied;
}

const fieldsOf = (evidence: readonly Evidence[]) =>
  evidence.map(({ field, before, after, decisions }) => [field, before, after, decisions.length]);

describe('createExplainer', () => {
  it('tells of each change what a commit would tell of it', async () => {
    const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string({ maxLength: 8 }), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(data, data, async (old, now) => {
        const decision = decisionOf(configMap('a', now));
        const explain = createExplainer({ applied: await appliedBefore(configMap('a', old)), decisions: [] });
        const { file } = decision.object;
        assert.deepEqual(explain(decision)(), collectEvidence(file, configMap('a', old)));
        const created = decisionOf(configMap('b', now), 'created');
        assert.deepEqual(explain(created)(), collectEvidence(created.object.file, undefined));
      }),
      { numRuns: 50 },
    );
  });

  const now = configMap('a', { limit: '448Mi', text: 'at most 448Mi', other: 'x' });

  it('tells after a restart of the values that were tuned anew, as far as they are known', async () => {
    const before = [{ ...LIMIT, value: '384Mi' }];
    const explain = createExplainer({ applied: await appliedBefore(), decisions: before });
    assert.deepEqual(fieldsOf(explain(decisionOf(now))()), [['data.limit', '384Mi', '448Mi', 1]]);
  });

  it('tells nothing after a restart of what stays', async () => {
    const explain = createExplainer({ applied: await appliedBefore(), decisions: [LIMIT] });
    assert.deepEqual(explain(decisionOf(now))(), []);
  });

  it('tells nothing of what somebody else has changed, of what is not written, and of a Secret', async () => {
    const secret = { ...configMap('a', { limit: 'c2VjcmV0' }), kind: 'Secret' };
    const applied = await appliedBefore(now, { ...secret, data: {} });
    const explain = createExplainer({ applied, decisions: [] });
    assert.deepEqual(explain({ ...decisionOf(now), isDrift: true })(), []);
    for (const action of ['unchanged', 'skipped'] as const) {
      assert.deepEqual(explain(decisionOf(configMap('a', { limit: '1' }), action))(), []);
    }
    for (const action of ['created', 'configured'] as const) {
      assert.deepEqual(explain(decisionOf(secret, action))(), []);
    }
  });

  it('tells what an object was before the delivery, also when it is asked after it', async () => {
    const applied = await appliedBefore(configMap('a', { limit: '1' }));
    const decision = decisionOf(configMap('a', { limit: '2' }));
    const evidence = createExplainer({ applied, decisions: [] })(decision);
    applied.keepText(decision.object.id, decision.object.file.text);
    assert.deepEqual(fieldsOf(evidence()), [['data.limit', '1', '2', 1]]);
    assert.equal(evidence(), evidence());
  });
});
