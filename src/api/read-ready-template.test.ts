import assert from 'node:assert/strict';
import { readyTemplate, SAMPLE_TEMPLATE } from '../../test/harness/ready-templates.ts';

const PLACE = 'templates/sample/template.yaml';

describe('readReadyTemplate', () => {
  it('reads what a folder of the library holds', () => {
    const { name, description, values, templates, source } = readyTemplate();
    assert.equal(name, 'sample');
    assert.equal(description, 'A sample.');
    assert.deepEqual(values['limit'], { description: 'A quantity.', default: '64Mi' });
    assert.equal(templates.length, 1);
    assert.deepEqual(source.locate(['templates', 0, 'content', 'data', 'limit']), {
      file: PLACE,
      line: 14,
      column: 16,
    });
  });

  const faults: { title: string; text: string; message: string }[] = [
    { title: 'no YAML', text: 'a: [', message: `${PLACE}:1:5: ` },
    { title: 'nothing', text: '', message: `${PLACE}: must hold one document` },
    { title: 'two documents', text: 'a: 1\n---\nb: 1\n', message: `${PLACE}: must hold one document` },
    { title: 'a list', text: '[]', message: `${PLACE}:1:1: must be an object` },
    {
      title: 'an unknown field',
      text: `${SAMPLE_TEMPLATE}extra: 1\n`,
      message: `${PLACE}:17:1: unknown field "extra"`,
    },
    {
      title: 'no description',
      text: SAMPLE_TEMPLATE.replace('A sample.', '""'),
      message: `${PLACE}:1:1: needs a description`,
    },
    {
      title: 'a value without a description',
      text: SAMPLE_TEMPLATE.replace('description: The name., ', ''),
      message: `${PLACE}:3:9: values.name: needs a description`,
    },
    {
      title: 'a value that is neither required nor has a default',
      text: SAMPLE_TEMPLATE.replace(', required: true', ''),
      message: `${PLACE}:3:9: values.name: needs "required: true" or a default, and not both`,
    },
    {
      title: 'a value that is required and has a default',
      text: SAMPLE_TEMPLATE.replace('required: true', 'required: true, default: a'),
      message: `${PLACE}:3:9: values.name: needs "required: true" or a default, and not both`,
    },
    {
      title: 'a value that templates cannot name',
      text: SAMPLE_TEMPLATE.replace('  limit:', '  the-limit:'),
      message: `${PLACE}:4:3: values: "the-limit" can't be written after .Values`,
    },
    {
      title: 'values that are no object',
      text: 'description: d\nvalues: []\ntemplates: [{text: x}]\n',
      message: `${PLACE}:2:9: values: must be an object`,
    },
    {
      title: 'no templates',
      text: 'description: d\ntemplates: []\n',
      message: `${PLACE}:2:12: templates: must be a list that is not empty`,
    },
    {
      title: 'a template with content and text',
      text: 'description: d\ntemplates: [{text: x, content: {a: 1}}]\n',
      message: `${PLACE}:2:13: templates[0]: needs content, an object, or text`,
    },
    {
      title: 'a repeat that is no JSONPath',
      text: 'description: d\ntemplates: [{text: x, repeat: 1}]\n',
      message: `${PLACE}:2:31: templates[0].repeat: must be a JSONPath`,
    },
  ];
  for (const { title, text, message } of faults) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => readyTemplate(text),
        (error: Error) => {
          assert.equal(error.name === 'ErrorList' || error.name === 'StalledError', true);
          assert.ok(error.message.startsWith(message), error.message);
          return true;
        },
      );
    });
  }
});
