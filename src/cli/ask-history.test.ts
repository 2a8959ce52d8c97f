import assert from 'node:assert/strict';
import type { Generator } from '../../generators/generator.ts';
import { list } from '../../generators/list/index.ts';
import { prometheus } from '../../generators/prometheus/index.ts';
import { generatorsOnly } from '../../test/harness/backtest.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratedElement } from '../api/element.ts';
import type { HttpRequest } from '../api/readers.ts';
import { createAskHistory } from './ask-history.ts';

const HOUR = 3_600_000;
const TO = Date.UTC(2026, 2, 1);
const element: GeneratedElement = { element: {}, index: 0, generator: 1, generatorName: 'prometheus' };
const question = { query: 'up # all', from: TO - 2 * HOUR, to: TO, step: HOUR };

describe('createAskHistory', () => {
  const loaded = loadedSet('memory', {
    generators: [
      { list: { elements: [{}] } },
      {
        prometheus: {
          interval: '1h',
          url: 'http://here/prefix',
          query: 'up',
          headers: { 'X-Scope-OrgID': 'a' },
        },
      },
    ],
  });

  /** Asks a server that has two samples, one of them NaN. */
  async function ask(from: GeneratedElement, url?: string) {
    const requests: HttpRequest[] = [];
    const values = [
      [TO / 1000 - 3600, 'NaN'],
      [TO / 1000, '1.5'],
    ];
    const data = { resultType: 'matrix', result: [{ metric: { b: '2', a: '1' }, values }] };
    const http = {
      async request(request: HttpRequest) {
        requests.push(request);
        return { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) };
      },
    };
    const world = generatorsOnly(list as Generator, prometheus as Generator);
    const askHistory = createAskHistory(loaded, {
      world: { ...world, readers: { ...world.readers, http } },
      ...(url !== undefined && { prometheus: url }),
    });
    const series = await askHistory(from, question, new AbortController().signal);
    return { series, requests };
  }

  it('asks the Prometheus of the element for the samples up to the end, one more at the beginning', async () => {
    const { requests } = await ask(element);
    assert.equal(requests.length, 1);
    const [request] = requests;
    assert.equal(request?.url, 'http://here/prefix/api/v1/query');
    assert.equal(request?.headers?.['X-Scope-OrgID'], 'a');
    const form = new URLSearchParams(request?.body);
    assert.deepEqual(
      [form.get('query'), form.get('time')],
      ['(up # all\n)[10800s:3600s]', String(TO / 1000)],
    );
  });

  it('gives the samples in milliseconds, those that are not finite without a value', async () => {
    const { series } = await ask(element);
    assert.deepEqual(series, [
      { labels: '{a="1",b="2"}', samples: [{ time: TO - HOUR }, { time: TO, value: 1.5 }] },
    ]);
  });

  it('asks at another address', async () => {
    const { requests } = await ask(element, 'http://there');
    assert.equal(requests[0]?.url, 'http://there/api/v1/query');
  });

  it('refuses elements of other generators', () =>
    assert.rejects(
      ask({ ...element, generator: 0, generatorName: 'list' }),
      /the element is from a list generator/,
    ));
});
