import assert from 'node:assert/strict';
import { libraryOf, readyTemplate } from '../../test/harness/ready-templates.ts';
import { sampleSchemas, sampleSet } from '../../test/harness/sample-sets.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';

const library = libraryOf(readyTemplate(), readyTemplate(undefined, 'hpa-object'));
const validate = createSetValidator(sampleSchemas, { library });

function read(templates: string) {
  const text = sampleSet(`templates:\n${templates}`);
  const { sets, errors } = readGeneratorSets(text, 'set.yaml', { validate });
  return { sets, lines: errors.flatMap((error) => error.message.split('\n')) };
}

describe('checkReadyTemplates', () => {
  const cases: { title: string; templates: string; lines: string[] }[] = [
    { title: 'a template with all it needs', templates: '- {from: sample, values: {name: a}}', lines: [] },
    {
      title: 'a name that is nearly right',
      templates: '- {from: hpa-objct}',
      lines: [
        'set.yaml:6:12: spec.templates[0].from: "hpa-objct" is no ready-made template; did you mean "hpa-object"?',
      ],
    },
    {
      title: 'a name that is like none',
      templates: '- {from: toString}',
      lines: [
        'set.yaml:6:12: spec.templates[0].from: "toString" is no ready-made template; there are sample and hpa-object',
      ],
    },
    {
      title: 'a value that is nearly right',
      templates: '- from: sample\n  values:\n    name: a\n    limt: 1Gi',
      lines: ['set.yaml:9:7: spec.templates[0].values: sample has no value "limt"; did you mean "limit"?'],
    },
    {
      title: 'values that every object has',
      templates: '- from: sample\n  values: {name: a, constructor: b}',
      lines: [
        'set.yaml:7:23: spec.templates[0].values: sample has no value "constructor"; its values are name, limit and labels',
      ],
    },
    {
      title: 'a value that is missing',
      templates: '- from: sample\n  values: {limit: 1Gi}',
      lines: ['set.yaml:7:13: spec.templates[0].values: sample needs the value "name": The name.'],
    },
    {
      title: 'no values where one is needed',
      templates: '- from: sample',
      lines: ['set.yaml:6:11: spec.templates[0].from: sample needs the value "name": The name.'],
    },
    {
      title: 'no values, which may stand in a field that is misspelt',
      templates: '- {from: sample, value: {name: a}}',
      lines: ['set.yaml:6:20: spec.templates[0]: unknown field "value", did you mean "values"?'],
    },
    {
      title: 'a value with nothing behind its key',
      templates: '- from: sample\n  values:\n    name:',
      lines: ['set.yaml:8:7: spec.templates[0].values: sample needs the value "name": The name.'],
    },
    {
      title: 'values of the wrong type',
      templates: '- {from: sample, values: [name]}',
      lines: [
        'set.yaml:6:12: spec.templates[0].from: sample needs the value "name": The name.',
        'set.yaml:6:28: spec.templates[0].values: is a list, must be an object',
      ],
    },
    {
      title: 'values without a ready-made template',
      templates: '- {text: x, values: {name: a}}',
      lines: ['set.yaml:6:15: spec.templates[0]: values are for a ready-made template: name it with from'],
    },
  ];
  for (const { title, templates, lines } of cases) {
    it(`${lines.length === 0 ? 'takes' : 'refuses'} ${title}`, () => {
      assert.deepEqual(read(templates).lines, lines);
    });
  }

  it('puts the template beside its name, and leaves others alone', () => {
    const [loaded] = read('- {from: sample, values: {name: a}}\n- {text: x}').sets;
    const [sample, text] = loaded?.set.spec.templates ?? [];
    assert.equal(sample?.ready, library.find('sample'));
    assert.equal(sample?.from, 'sample');
    assert.deepEqual(text, { text: 'x' });
  });

  it('refuses a set that brings a ready-made template with it', () => {
    const [line] = read('- {from: sample, values: {name: a}, ready: {name: evil}}').lines;
    assert.match(line ?? '', /unknown field "ready"/);
  });

  it('asks the library only for sets that use it', () => {
    const silent = createSetValidator(sampleSchemas, {
      library: { names: () => assert.fail('names'), find: () => assert.fail('find') },
    });
    const { errors } = readGeneratorSets(sampleSet('templates: [{text: x}]'), 'set.yaml', {
      validate: silent,
    });
    assert.deepEqual(errors, []);
  });
});
