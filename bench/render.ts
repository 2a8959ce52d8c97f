import { readFileSync } from 'node:fs';
import type { GeneratedElement } from '../src/api/element.ts';
import type { RenderedResource } from '../src/api/rendered-resource.ts';
import { sha256 } from '../src/lib/digest.ts';
import { canonicalJson, type JsonObject, parseJson } from '../src/lib/json.ts';
import { parseYaml, stringifyYaml } from '../src/lib/yaml.ts';
import { render } from '../src/render/render.ts';
import type { TemplateSet } from '../src/render/template-set.ts';
import { measureInTurn, report } from './measure.ts';

const ELEMENTS = 1000;
const ROUNDS = 41;

function readExample(name: string): TemplateSet {
  return parseYaml(
    readFileSync(new URL(`../examples/${name}/generatorset.yaml`, import.meta.url), 'utf8'),
  ) as unknown as TemplateSet;
}

function elementsOf(make: (index: number) => JsonObject): GeneratedElement[] {
  return Array.from({ length: ELEMENTS }, (_, index) => ({
    element: make(index),
    index,
    generator: 0,
    generatorName: 'list',
    key: `${index}`,
  }));
}

/** The example's templates with another name for each element, so that no two resources are the same. */
function withNames(set: TemplateSet, name: string): TemplateSet {
  const templates = (set.spec.templates ?? []).map(({ content }) => ({
    content: { ...content, metadata: { ...(content?.['metadata'] as JsonObject), name } },
  }));
  return { ...set, spec: { ...set.spec, templates } };
}

function digestAsJson(resources: readonly RenderedResource[]): void {
  for (const { resource } of resources) sha256(JSON.stringify(resource));
}

/** Render time per element, beside writing and hashing the very same objects as JSON. */
export async function benchRender(): Promise<void> {
  const answer = parseJson(
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"max"},"value":[1687950455.230,"300"]}]}}',
  ) as JsonObject;
  const cases: [string, TemplateSet, GeneratedElement[]][] = [
    [
      'podinfo-memory',
      withNames(readExample('podinfo-memory'), 'podinfo-{{ .ElementIndex }}'),
      elementsOf(() => answer),
    ],
    [
      'hpa-list',
      readExample('hpa-list'),
      elementsOf((index) => ({
        service: `service-${index}`,
        namespace: 'shop',
        min: 2,
        max: 10,
        requestsPerSecond: 50,
      })),
    ],
  ];
  for (const [name, set, elements] of cases) {
    const rendered = render({ set, elements });
    const times = await measureInTurn(
      {
        render: () => render({ set, elements }),
        files: () => render({ set, elements }).map(({ resource }) => sha256(stringifyYaml(resource))),
        bytes: () => render({ set, elements }).map(({ resource }) => sha256(canonicalJson(resource))),
        json: () => digestAsJson(rendered),
      },
      ROUNDS,
    );
    const each = (milliseconds: number): number => milliseconds / ELEMENTS;
    const json: [string, number] = ['JSON.stringify + sha256', each(times.json)];
    report(`render ${name}, per element`, ['to objects', each(times.render)], json);
    report(`render ${name}, per element`, ['to canonical JSON + sha256', each(times.bytes)], json);
    report(`render ${name}, per element`, ['to YAML + sha256', each(times.files)], json);
  }
}
