import assert from 'node:assert/strict';
import type { GenerateContext } from '../../generators/generator.ts';
import type { HttpAnswer, HttpRequest, ObjectRef } from '../../src/api/readers.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { memoryObjects } from './memory-objects.ts';

/** A generator's context that remembers what it was asked for. */
interface RecordingContext {
  readonly context: GenerateContext;
  readonly requests: HttpRequest[];
  readonly refs: ObjectRef[];
  readonly warnings: string[];
}

/** A context in namespace `apps` with one HTTP answer, the same for every request, and a few objects. */
export function makeContext(answer: Partial<HttpAnswer> = {}, objects: object[] = []): RecordingContext {
  const requests: HttpRequest[] = [];
  const refs: ObjectRef[] = [];
  const warnings: string[] = [];
  const reader = memoryObjects(objects);
  const context: GenerateContext = {
    namespace: 'apps',
    signal: new AbortController().signal,
    log: { ...silentLogger, warn: (message) => warnings.push(message) },
    http: {
      async request(request) {
        requests.push(request);
        return { status: 200, headers: {}, body: '[]', ...answer };
      },
    },
    objects: {
      async get(ref, signal) {
        refs.push(ref);
        return reader.get(ref, signal);
      },
      list: (ref, signal) => reader.list(ref, signal),
    },
    git: { open: () => assert.fail('no Git here') },
    artifacts: { open: () => assert.fail('no artifact here') },
    note: () => {},
    generate: () => assert.fail('no other generator here'),
    originOf: () => assert.fail('no other generator here'),
    isTemplate: () => assert.fail('no templates here'),
    render: () => assert.fail('no templates here'),
  };
  return { context, requests, refs, warnings };
}
