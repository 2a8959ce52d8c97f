import assert from 'node:assert/strict';
import { configMap } from '../../test/harness/plan.ts';
import type { Decision } from '../api/decision.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { decisionChanges, listChanges } from './list-changes.ts';

function decision(element: string, value: string): Decision {
  return { element, name: 'limit', value, since: '2026-03-01T00:00:00Z', rule: 'Computed', input: '1' };
}

describe('decisionChanges', () => {
  const of = (element: string, change: object) => ({ element, name: 'limit', ...change });
  const made = { rule: 'Computed', input: '1' };
  const cases: [string, Decision[] | undefined, Decision[] | undefined, object[]][] = [
    ['nothing where there are none', undefined, undefined, []],
    ['a new value', undefined, [decision('a', '1Mi')], [of('a', { value: '1Mi', ...made })]],
    [
      'another value',
      [decision('a', '1Mi')],
      [decision('a', '2Mi')],
      [of('a', { previous: '1Mi', value: '2Mi', ...made })],
    ],
    ['a value that is gone', [decision('a', '1Mi')], undefined, [of('a', { previous: '1Mi' })]],
    ['nothing where values stay', [decision('a', '1Mi')], [decision('a', '1Mi')], []],
    [
      'each element for itself',
      [decision('a', '1Mi'), decision('b', '2Mi')],
      [decision('b', '1Mi')],
      [of('b', { previous: '2Mi', value: '1Mi', ...made }), of('a', { previous: '1Mi' })],
    ],
  ];
  for (const [what, before, after, expected] of cases) {
    it(`gives ${what}`, () => assert.deepEqual(decisionChanges(before, after), expected));
  }
});

describe('listChanges', () => {
  const change = (action: Change['action'], name: string): Change => ({
    id: name,
    action,
    path: `${name}.yaml`,
    resource: configMap(name),
    evidence: [{ field: 'data.x', before: '1', after: '2', element: name } as Evidence],
  });

  it('lists what changes, with its leaves', () => {
    const changes = (['created', 'unchanged', 'skipped', 'deleted'] as const).map((it) => change(it, it));
    assert.deepEqual(listChanges({ changes, digest: '' }), {
      changes: [
        {
          resource: 'ConfigMap/flux-system/created',
          action: 'created',
          fields: [{ field: 'data.x', before: '1', after: '2' }],
        },
        {
          resource: 'ConfigMap/flux-system/deleted',
          action: 'deleted',
          fields: [{ field: 'data.x', before: '1', after: '2' }],
        },
      ],
      omitted: 0,
    });
  });

  it('lists 500 resources and counts the others', () => {
    const changes = Array.from({ length: 502 }, (_, index) => change('configured', `r${index}`));
    const listed = listChanges({ changes, digest: '' });
    assert.deepEqual([listed.changes.length, listed.omitted], [500, 2]);
  });
});
