import type { GeneratorSetStatus } from '../../src/api/status.ts';
import { createApplyTarget } from '../../src/apply/apply-target.ts';
import type { State } from '../../src/plan/state.ts';
import type { StateKeeper } from '../../src/plan/target.ts';
import { toStatusDecisions } from '../../src/status/decisions.ts';
import { toStatusDeletions } from '../../src/status/deletions.ts';
import { toEntries, toState } from '../../src/status/inventory.ts';
import type { ShrinkPlace } from '../harness/shrink-sequences.ts';
import { type ApplyWorld, SPEC } from './apply-world.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** The cluster, with a state that is kept as a status keeps it. */
export function clusterPlace(server: KubeApiserver, world: ApplyWorld): ShrinkPlace {
  const { set } = world;
  const keeper = new StatusKeeper();
  return {
    set,
    async open(now) {
      keeper.now = now;
      return createApplyTarget({ ...world.context, spec: SPEC, keeper });
    },
    async list() {
      const path = `/api/v1/namespaces/${set.namespace}/configmaps?labelSelector=generatorset.dev/name=${set.name}`;
      const { body } = await server.request<{ items: readonly KubeObject[] }>('GET', path);
      return new Map(body.items.map(({ metadata }) => [metadata.name ?? '', metadata.resourceVersion ?? '']));
    },
  };
}

/** Knows of a state what stands in a status, and no more. */
class StatusKeeper implements StateKeeper {
  now = new Date();
  #status: GeneratorSetStatus | undefined;

  get state(): State | undefined {
    const { inventory, decisions } = this.#status ?? {};
    return toState(this.#status, { entries: inventory?.entries ?? [], decisions: decisions ?? [] });
  }

  async intend(state: State): Promise<void> {
    this.keep(state);
  }

  keep(state: State): void {
    const { delivered, deletions } = state;
    this.#status = {
      inventory: { entries: toEntries(state) },
      deletions: toStatusDeletions(deletions, this.now),
      decisions: toStatusDecisions(state.decisions),
      ...(delivered !== undefined && { delivered }),
    };
  }
}
