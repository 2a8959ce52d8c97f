import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { type FunctionProfile, functionsOf } from '../src/render/functions/profiles.ts';
import { compileTemplate } from '../src/render/template/compile-template.ts';
import type { NumberMode } from '../src/render/values/value.ts';
import { median, report } from './measure.ts';
import { type GoBench, startGo } from './oracle.ts';

/** A slice of one side, and how many each side gets in turn. */
const SLICE_MILLISECONDS = 40;
const SLICES = 25;
const HPAS = 1000;

/** A template that is measured. */
interface Case {
  readonly name: string;
  readonly template: string;
  readonly data: object;
}

const HPA = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  namespace: {{ .namespace | default "default" }}
  labels:
{{- range $key, $value := .labels }}
    {{ $key }}: {{ $value | quote }}
{{- end }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name | quote }}
{{- with .replicas }}
  minReplicas: {{ .min }}
  maxReplicas: {{ round (mulf .max 1.2) 0 }}
{{- end }}
{{- if gt .cpu 50.0 }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .cpu }}
{{- end }}
`;

function hpa(index: number): object {
  return {
    name: `service-${index}`,
    namespace: index % 2 === 0 ? 'shop' : '',
    labels: { team: `team-${index % 7}`, tier: 'web', 'app.kubernetes.io/name': `service-${index}` },
    replicas: { min: 2, max: 5 + (index % 10) },
    cpu: 40 + (index % 40),
  };
}

/** The patch of the example podinfo-memory with the whole object around it, as GitOpsSets would render it. */
function seedCase(): Case {
  const text = readFileSync(new URL('../examples/podinfo-memory/generatorset.yaml', import.meta.url), 'utf8');
  return {
    name: 'the Kustomization of podinfo-memory',
    template: contentText(text),
    data: { Element: { data: { result: [{ metric: {}, value: [1687950455.23, '300'] }] } } },
  };
}

/** The content as it is written in the example, moved to the left. */
function contentText(text: string): string {
  const content = text.slice(text.indexOf('- content:\n') + '- content:\n'.length);
  return content.replaceAll(/^ {8}/gm, '');
}

const cases: readonly Case[] = [
  seedCase(),
  { name: 'one HPA', template: HPA, data: hpa(51) },
  {
    name: `${HPAS} HPAs in one range`,
    template: `{{ range .elements }}---\n${HPA}{{ end }}`,
    data: { elements: Array.from({ length: HPAS }, (_, i) => hpa(i)) },
  },
];

/** Runs an action for about so long; gives the nanoseconds of one run. */
function slice(action: () => unknown, milliseconds = SLICE_MILLISECONDS): number {
  const start = performance.now();
  let runs = 0;
  let spent = 0;
  do {
    action();
    runs++;
    spent = performance.now() - start;
  } while (spent < milliseconds);
  return (spent * 1e6) / runs;
}

function renderer({ template, data }: Case, numbers: NumberMode, functions: FunctionProfile): () => string {
  const program = compileTemplate(template, { name: 'bench', numbers, functions, missingKey: 'error' });
  return () => program.render(data);
}

async function compareWithGo(kase: Case, go: GoBench): Promise<void> {
  const sides = {
    exact: renderer(kase, 'exact', 'gitopssets'),
    go: renderer(kase, 'go', 'gitopssets'),
  };
  const asked = {
    template: kase.template,
    data: kase.data,
    funcs: 'gitopssets',
    missingkey: 'error',
  } as const;
  const times = { exact: [] as number[], go: [] as number[], real: [] as number[] };
  for (let round = -2; round < SLICES; round++) {
    const found = {
      exact: slice(sides.exact),
      real: await go.measure(asked, SLICE_MILLISECONDS),
      go: slice(sides.go),
    };
    // The first rounds warm up.
    if (round >= 0) for (const side of ['exact', 'go', 'real'] as const) times[side].push(found[side]);
  }
  const real = median(times.real) / 1e6;
  for (const mode of ['go', 'exact'] as const) {
    report(`${kase.name}, numbers: ${mode}`, ['real Go', real], [`ours`, median(times[mode]) / 1e6]);
  }
}

/** A set's render costs the same whether 20 functions exist or all; with Handlebars by itself it does not. */
function compareProfiles(): void {
  const template =
    '{{ range .elements }}{{ .name | print }}: {{ len .labels }} {{ if gt .cpu 50.0 }}x{{ end }}\n{{ end }}';
  const kase: Case = { name: '', template, data: { elements: Array.from({ length: 50 }, (_, i) => hpa(i)) } };
  const few = renderer(kase, 'exact', 'none');
  const all = renderer(kase, 'exact', 'generatorset');
  const [stockFew, stockAll] = [10, functionsOf('generatorset', 'exact').size].map(stockRenderer) as [
    () => string,
    () => string,
  ];
  const times: number[][] = [[], [], [], []];
  for (let round = -2; round < SLICES; round++) {
    for (const [i, side] of [few, all, stockFew, stockAll].entries()) {
      const time = slice(side);
      if (round >= 0) times[i]?.push(time / 1e6);
    }
  }
  const [a, b, c, d] = times.map(median) as [number, number, number, number];
  const counts = (['none', 'generatorset'] as const).map((profile) => functionsOf(profile, 'exact').size);
  report('functions that exist', [`${counts[1]}`, b], [`${counts[0]}`, a]);
  report('functions that exist, Handlebars by itself', [`${counts[1]}`, d], ['10', c]);
}

function stockRenderer(helpers: number): () => string {
  const environment = Handlebars.create();
  environment.registerHelper('gt', (a: number, b: number) => a > b);
  for (let i = 1; i < helpers; i++) environment.registerHelper(`helper${i}`, () => '');
  const template = environment.compile('{{#each elements}}{{name}}: {{#if (gt cpu 50)}}x{{/if}}\n{{/each}}');
  const data = { elements: Array.from({ length: 50 }, (_, i) => hpa(i)) };
  return () => template(data);
}

/** Templates beside real Go with parsed templates; every limit and missingkey=error are on. */
export async function benchTemplates(): Promise<void> {
  const go = startGo();
  if (typeof go === 'string') {
    process.stdout.write(`templates beside real Go: left out, ${go}\n`);
  } else {
    try {
      for (const kase of cases) await compareWithGo(kase, go);
    } finally {
      go.close();
    }
  }
  compareProfiles();
}
