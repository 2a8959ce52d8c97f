import assert from 'node:assert/strict';
import type { Generator, IsTemplate } from '../../generators/generator.ts';
import { generators } from '../../generators/index.ts';
import { listSpecTemplates } from './spec-templates.ts';

const isTemplate: IsTemplate = (value) => JSON.stringify(value).includes('{{');
const search = { generators: generators as unknown as readonly Generator[], isTemplate };

describe('listSpecTemplates', () => {
  it('gives the paths of the children of matrices from the root of the set', () => {
    const list = { list: { elements: [{ host: 'a' }] } };
    const api = { apiClient: { interval: '1h', endpoint: 'https://{{ .Element.host }}/' } };
    const nested = { merge: { keys: ['a'], generators: [api] } };
    assert.deepEqual(listSpecTemplates([list, { matrix: { generators: [list, nested] } }], search), [
      {
        path: ['spec', 'generators', 1, 'matrix', 'generators', 1, 'merge'],
        elements: [{ host: 'a' }],
      },
    ]);
  });

  it('finds none where text with a delimiter is only text', () => {
    const api = { apiClient: { interval: '1h', endpoint: 'https://a/?q={{}}' } };
    assert.deepEqual(listSpecTemplates([api, { merge: { keys: ['a'], generators: [api] } }], search), []);
    assert.deepEqual(listSpecTemplates([{ unknown: {} }], search), []);
  });
});
