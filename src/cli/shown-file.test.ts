import assert from 'node:assert/strict';
import type { Resource } from '../api/resource.ts';
import type { JsonObject } from '../lib/json.ts';
import { stringifyYaml } from '../lib/yaml.ts';
import type { Change } from '../plan/change.ts';
import { fileDiff } from './file-diff.ts';

const secret = (values: JsonObject) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'a' },
  ...values,
});
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { size: '1' } };
const OLD = secret({ data: { token: 'c2VzYW1l', same: 'c2VzYW1lMg==' } });
const NEW = secret({ data: { token: 'c2VzYW1lMw==', same: 'c2VzYW1lMg==' } });

const configured = (before: string, resource: Resource): Change => ({
  ...{ id: 'x', path: 'a.yaml', action: 'configured', evidence: [], before, after: stringifyYaml(resource) },
  resource,
});

describe('the diff of a file with a Secret', () => {
  const changes: [what: string, change: Change, shown: RegExp[]][] = [
    [
      'that changes',
      configured(stringifyYaml(OLD), NEW),
      [/^- {2}token: '\*\*\* \(before\)'$/m, /^\+ {2}token: '\*\*\* \(after\)'$/m, /^ {3}same: '\*\*\*'$/m],
    ],
    [
      'that is new, with stringData',
      {
        ...{ id: 'x', path: 'a.yaml', action: 'created', evidence: [] },
        ...{ after: 'x', resource: secret({ stringData: { token: 'sesame' } }) },
      },
      [/^--- \/dev\/null$/m, /^\+stringData:$/m, /^\+ {2}token: '\*\*\*'$/m],
    ],
    [
      'that goes',
      {
        ...{ id: 'x', path: 'a.yaml', action: 'deleted', evidence: [] },
        ...{ before: stringifyYaml(OLD), resource: OLD },
      },
      [/^\+\+\+ \/dev\/null$/m, /^- {2}token: '\*\*\*'$/m],
    ],
    ['that becomes another kind', configured(stringifyYaml(OLD), CONFIG_MAP), [/^-kind: Secret$/m, /size/]],
    [
      'that somebody broke',
      configured('data:\n  token: sesame\n }{', NEW),
      [/^-\*\*\*$/m, /^\+kind: Secret$/m],
    ],
    [
      'that somebody put beside another object',
      configured(`${stringifyYaml(CONFIG_MAP)}---\n${stringifyYaml(OLD)}`, CONFIG_MAP),
      [/^-\*\*\*$/m, /^\+kind: ConfigMap$/m],
    ],
  ];
  for (const [what, change, shown] of changes) {
    it(`shows no value of one ${what}, and is no patch`, () => {
      const text = fileDiff(change);
      assert.doesNotMatch(text, /sesame|c2VzYW1l/);
      for (const line of shown) assert.match(text, line);
      assert.match(text, /^@@ values hidden -\d+,\d+ \+\d+,\d+ @@$/m);
    });
  }

  it('is that of any other file where there is no Secret of Kubernetes', () => {
    const other = { ...OLD, apiVersion: 'vault.example.com/v1' };
    const text = fileDiff(configured(stringifyYaml({ ...other, data: { token: 'x' } }), other));
    assert.match(text, /^@@ -\d/m);
    assert.match(text, /^\+ {2}token: c2VzYW1l$/m);
  });
});
