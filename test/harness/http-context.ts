import assert from 'node:assert/strict';
import type { GenerateContext } from '../../generators/generator.ts';
import type { HttpAnswer, HttpRequest, ObjectRef } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { silentLogger } from '../../src/lib/logger.ts';

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
      async get(ref) {
        refs.push(ref);
        return objects.find((object) => {
          const { kind, metadata } = object as Resource;
          return kind === ref.kind && metadata.name === ref.name && metadata['namespace'] === ref.namespace;
        }) as Resource | undefined;
      },
    },
    git: { open: () => assert.fail('no Git here') },
    note: () => {},
    generate: () => assert.fail('no other generator here'),
  };
  return { context, requests, refs, warnings };
}
