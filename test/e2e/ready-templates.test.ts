import assert from 'node:assert/strict';
import { LIST_SET, useCommandLine } from '../harness/command-line.ts';

describe('a ready-made template on the command line', function () {
  this.timeout(60_000);
  const { run, writeSet } = useCommandLine();

  const values = '{name: "{{ .Element.name }}", metric: m, averageValue: 5, maxReplicas: 4}';
  const set = `${LIST_SET.slice(0, LIST_SET.indexOf('  templates:'))}  templates:
    - from: hpa-pods
      values: ${values}
`;

  it('is rendered by its name', async () => {
    const { code, stdout, stderr } = await run('build', await writeSet(set));
    assert.equal(code, 0, stderr);
    assert.equal(stdout.match(/^kind: HorizontalPodAutoscaler$/gm)?.length, 2);
    assert.match(stdout, /^ {2}minReplicas: 2$/m);
  });

  const faults: { title: string; from: string; to: string; message: RegExp }[] = [
    {
      title: 'a name that is nearly right',
      from: 'from: hpa-pods',
      to: 'from: hpa-pod',
      message: /set\.yaml:13:13: .*"hpa-pod" is no ready-made template; did you mean "hpa-pods"\?/,
    },
    {
      title: 'a value that is missing',
      from: 'metric: m, ',
      to: '',
      message: /set\.yaml:14:15: .*hpa-pods needs the value "metric"/,
    },
    {
      title: 'a value that is nearly right',
      from: 'metric: m',
      to: 'metric: m, minReplica: 1',
      message: /set\.yaml:14:56: .*hpa-pods has no value "minReplica"; did you mean "minReplicas"\?/,
    },
  ];
  for (const { title, from, to, message } of faults) {
    it(`validate tells the place of ${title}`, async () => {
      const { code, stderr } = await run('validate', await writeSet(set.replace(from, to)));
      assert.equal(code, 1);
      assert.match(stderr, message);
    });
  }

  const refused: { title: string; from: string; to: string; message: RegExp }[] = [
    {
      title: 'no replicas',
      from: 'metric: m',
      to: 'metric: m, minReplicas: 0',
      message:
        /templates\/hpa-pods\/template\.yaml:\d+:\d+: .*minReplicas must be a whole number of at least 1 \(used in .*set\.yaml:13:13, templates\[0\]/,
    },
    {
      title: 'replicas that are no number',
      from: 'metric: m',
      to: 'metric: m, minReplicas: NaN',
      message: /minReplicas must be a whole number of at least 1/,
    },
    {
      title: 'fewer at most than at least',
      from: 'maxReplicas: 4',
      to: 'maxReplicas: 1',
      message: /maxReplicas must be a whole number of at least minReplicas/,
    },
  ];
  for (const { title, from, to, message } of refused) {
    it(`refuses ${title}`, async () => {
      const { code, stdout, stderr } = await run('build', await writeSet(set.replace(from, to)));
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    });
  }
});
