import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHART_VALUES } from '../../config/chart-values.ts';
import { listFields } from '../../config/field-table.ts';
import { generators } from '../../generators/index.ts';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { parseYaml, stringifyYaml } from '../../src/lib/yaml.ts';
import { describeWith } from '../components/describe-with.ts';
import {
  askKubeTool,
  byKindAndName,
  CHART,
  readObjects,
  runKubeTool,
  type ToolResult,
} from '../harness/kube-tools.ts';
import { ROOT, runProgram } from '../harness/run-program.ts';
import { CHART_CASES, CRD, REFUSED_VALUES } from './chart-cases.ts';

type Objects = Record<string, JsonObject>;

/** Renders the chart with values, which are given as a file is. */
function template(values: JsonObject, ...args: string[]): Promise<ToolResult> {
  const command = ['template', 'release', CHART, '--namespace', 'tools', '--values', '-', ...args];
  return runKubeTool('helm', command, { stdin: stringifyYaml(values) });
}

async function render(values: JsonObject = {}, ...args: string[]): Promise<Objects> {
  const { code, stdout, stderr } = await template(values, ...args);
  assert.equal(code, 0, stderr);
  return byKindAndName(readObjects(stdout));
}

async function exported(...args: string[]): Promise<Objects> {
  const options = { env: { HOME: '/nowhere' } };
  const { code, stdout, stderr } = await runProgram(['install', '--export', '-n', 'tools', ...args], options);
  assert.equal(code, 0, stderr);
  const { 'Namespace tools': _, ...objects } = byKindAndName(readObjects(stdout));
  return objects;
}

/** Without what marks them as parts of a release. */
function withoutHelm(objects: Objects): Objects {
  return mapValues(objects, (object) => {
    const metadata = { ...(object['metadata'] as JsonObject) };
    const labels = { ...(metadata['labels'] as JsonObject) };
    assert.equal(labels['app.kubernetes.io/managed-by'], 'Helm');
    assert.match(String(labels['helm.sh/chart']), /^generatorset-\d+\.\d+\.\d+$/);
    delete labels['app.kubernetes.io/managed-by'];
    delete labels['helm.sh/chart'];
    if (object['kind'] === 'CustomResourceDefinition') {
      assert.deepEqual(metadata['annotations'], { 'helm.sh/resource-policy': 'keep' });
      delete metadata['annotations'];
    }
    return { ...object, metadata: { ...metadata, labels } };
  });
}

function mapValues(objects: Objects, change: (object: JsonObject) => JsonObject): Objects {
  return Object.fromEntries(Object.entries(objects).map(([key, object]) => [key, change(object)]));
}

describeWith(['helm', 'kubectl'], 'the Helm chart', function () {
  this.timeout(60_000);
  let defaults: Objects;
  before(async () => {
    defaults = await render();
  });

  it('is found well by helm lint --strict', async () => {
    const text = await askKubeTool('helm', ['lint', '--strict', CHART]);
    assert.doesNotMatch(text, /\[(WARNING|ERROR)\]/);
  });

  it('gives the very objects that install exports', async () => {
    assert.deepEqual(withoutHelm(defaults), await exported());
  });

  it('gives them with the options that install has, too', async () => {
    const values = {
      clusterAdmin: true,
      image: { repository: 'example.com/mirror/generatorset', pullSecrets: [{ name: 'registry' }] },
      controller: {
        eventsAddr: 'http://notification-controller/',
        logLevel: 'debug',
        watchLabelSelector: 'a in (b, c)',
      },
      networkPolicy: { create: false },
      tolerations: [{ key: 'example.com/tools', operator: 'Exists' }],
    };
    const args = ['--cluster-admin', '--registry', 'example.com/mirror', '--image-pull-secret', 'registry'];
    args.push('--events-addr', 'http://notification-controller/', '--log-level', 'debug');
    args.push('--watch-label-selector', 'a in (b, c)', '--network-policy=false');
    args.push('--toleration-keys', 'example.com/tools');
    assert.deepEqual(withoutHelm(await render(values)), await exported(...args));
  });

  for (const { values, changes } of CHART_CASES) {
    it(`follows ${JSON.stringify(values)}`, async () => {
      // Its definition is long, and no other value changes it.
      const isLean = values['crds'] === undefined;
      const rendered = await render(isLean ? { ...values, crds: { install: false } } : values);
      const { [CRD]: definition, ...others } = structuredClone(defaults);
      const expected: Objects = { ...others, ...(!isLean && definition && { [CRD]: definition }) };
      const before = structuredClone(expected);
      changes(expected as never);
      assert.notDeepEqual(expected, before, 'the case changes nothing');
      assert.deepEqual(rendered, expected);
    });
  }

  it('has the defaults that the controller has', async () => {
    const flags = await parseFlags([]);
    const { controller } = CHART_VALUES['properties'] as Record<string, JsonObject>;
    const values = Object.entries(controller?.['properties'] as Record<string, JsonObject>);
    const common = values.filter(([key]) => Object.hasOwn(flags, key));
    assert.ok(common.length > 4);
    for (const [key, { default: value }] of common) assert.equal(flags[key], value, key);
  });

  it('gives the controller flags that it knows, with their values', async () => {
    const given = CHART_CASES.map(({ values }) => values['controller'])
      .filter(isObject)
      .filter((values) => !Object.values(values).includes(null));
    const all = Object.assign({}, ...given, { extraArgs: ['--max-retry-delay=1h'] }) as JsonObject;
    const [, ...args] = argsOf(await render({ controller: all }));
    const flags = await parseFlags(args);
    const { extraArgs: _, heapMiB: __, ...expected } = all;
    assert.ok(Object.keys(expected).length > 6);
    assert.equal(flags['maxRetryDelay'], 3_600_000);
    // An empty account is none: the case before it says which flag that is.
    for (const [key, value] of Object.entries(expected)) assert.equal(flags[key] ?? '', value, key);
  });

  it('has what config/monitoring has, with labels of their own, where it is asked for', async () => {
    const others = await render(MONITORING_VALUES);
    const kustomized = await askKubeTool('kubectl', ['kustomize', join(ROOT, 'config', 'monitoring')]);
    for (const [key, object] of Object.entries(byKindAndName(readObjects(kustomized)))) {
      const { metadata, ...content } = others[key] as JsonObject & { metadata: JsonObject };
      const { metadata: expected, ...rest } = object as JsonObject & { metadata: JsonObject };
      assert.deepEqual(content, rest);
      assert.deepEqual(metadata['annotations'], expected['annotations']);
      assert.equal(metadata['namespace'], 'tools');
      assert.deepEqual(metadata['labels'], {
        ...(expected['labels'] as JsonObject),
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': chartOf(defaults),
        release: 'prometheus',
      });
      delete others[key];
    }
    assert.deepEqual(others, defaults);
  });

  it('has a case for every value', () => {
    const leaves = listFields(CHART_VALUES).filter(({ schema }) => schema['default'] !== undefined);
    const tried = new Set(
      [MONITORING_VALUES, ...CHART_CASES.map(({ values }) => values)].flatMap((values) => pathsOf(values)),
    );
    const untried = leaves.map(({ path }) => path).filter((path) => !tried.has(path));
    assert.deepEqual(untried, []);
  });

  for (const { values, message } of REFUSED_VALUES) {
    it(`refuses ${JSON.stringify(values)}`, async () => {
      const { code, stderr } = await template(values);
      assert.notEqual(code, 0);
      assert.match(stderr, /values don't meet the specifications of the schema/);
      assert.match(stderr, message);
    });
  }

  it('may stand below another chart, which gives it global values', async () => {
    assert.deepEqual(await render({ global: { any: 1 }, enabled: true }), defaults);
  });

  it('may stand in a namespace whose name is written as a number', async () => {
    const expected = JSON.parse(JSON.stringify(defaults).replaceAll('"tools"', '"0123"'));
    assert.deepEqual(await render({}, '--namespace', '0123'), expected);
  });

  it('says after an installation what to do next', async () => {
    const install = ['install', 'release', CHART, '--dry-run=client', '--namespace', 'tools', '--set'];
    const notes = async (values: string) =>
      (await askKubeTool('helm', [...install, values])).split('NOTES:\n')[1] ?? '';
    const first = await notes('crds.keep=true');
    assert.match(first, /kubectl -n tools rollout status deployment\/generatorset-controller\n/);
    assert.match(first, /service account "default" of its\nnamespace.*\n\n`helm uninstall` leaves the kind/);
    const second = await notes('clusterAdmin=true,crds.keep=false');
    assert.match(second, /may do anything in the cluster: who may write a GeneratorSet may, too\.\n$/);
  });
});

const MONITORING_VALUES: JsonObject = {
  podMonitor: { create: true, labels: { release: 'prometheus' } },
  prometheusRule: { create: true, labels: { release: 'prometheus' } },
  dashboard: { create: true, labels: { release: 'prometheus' } },
};

/** `generatorset-0.1.0`, as every object names it. */
function chartOf(objects: Objects): JsonValue {
  const metadata = objects['Deployment generatorset-controller']?.['metadata'] as { labels: JsonObject };
  return metadata.labels['helm.sh/chart'] as JsonValue;
}

/** What the controller makes of its command line; throws where it would refuse it. */
async function parseFlags(flags: readonly string[]): Promise<Record<string, unknown>> {
  const streams = { stdout: process.stdout, stderr: process.stderr } as unknown as CommandContext['streams'];
  const context = {
    generators,
    version: '0.0.0',
    program: 'generatorset',
    streams,
    env: {},
    setExitCode() {},
  };
  const program = await createProgram(context as CommandContext, 'controller');
  const [command] = program.commands;
  assert.ok(command);
  command.exitOverride().action(() => {});
  await program.parseAsync(['node', 'generatorset', 'controller', ...flags]);
  return command.opts();
}

function argsOf(objects: Objects): string[] {
  const text = JSON.stringify(objects['Deployment generatorset-controller']);
  return JSON.parse(/"args":(\[.*?[^\\]"\])/.exec(text)?.[1] ?? '[]') as string[];
}

/** `.image.tag` of `{image: {tag: x}}`, and the same of every object above. */
function pathsOf(value: JsonValue, path = ''): string[] {
  if (!isObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${path}.${key}`))];
}

describe('values.yaml of the chart', () => {
  it('has every value with its default, and a line about each', async () => {
    const text = await readFile(join(CHART, 'values.yaml'), 'utf8');
    const values = parseYaml(text) as JsonObject;
    for (const { path, schema } of listFields(CHART_VALUES)) {
      const [, ...keys] = path.split('.');
      if (path.includes('[]')) continue;
      const value = keys.reduce<JsonValue | undefined>(
        (at, key) => (isObject(at) ? at[key] : undefined),
        values,
      );
      if (schema['default'] === undefined) assert.ok(isObject(value), path);
      else assert.deepEqual(value, schema['default'], path);
      assert.ok(text.includes(`# ${String(schema['description']).slice(0, 60)}`), path);
    }
  });
});
