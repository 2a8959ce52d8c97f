import { readReadyTemplate } from '../../src/api/read-ready-template.ts';
import type { ReadyTemplate, TemplateLibrary } from '../../src/api/ready-template.ts';

/** The text of a ready-made template with a required value, one with a default, and a list. */
export const SAMPLE_TEMPLATE = `description: A sample.
values:
  name: {description: The name., required: true}
  limit: {description: A quantity., default: 64Mi}
  labels: {description: More labels., default: {}}
templates:
  - content:
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: "{{ .Values.name }}"
        labels: "{{ .Values.labels | typed }}"
      data:
        limit: "{{ .Values.limit }}"
        set: "{{ .GeneratorSet.Name }}"
        raw: "{{ .Element.raw }}"
`;

/** A ready-made template with this text, as the library has it. */
export function readyTemplate(text: string = SAMPLE_TEMPLATE, name = 'sample'): ReadyTemplate {
  return readReadyTemplate(text, { name, file: `templates/${name}/template.yaml` });
}

/** A library of these templates alone. */
export function libraryOf(...templates: readonly ReadyTemplate[]): TemplateLibrary {
  return {
    names: () => templates.map(({ name }) => name),
    find: (name) => templates.find((template) => template.name === name),
  };
}
