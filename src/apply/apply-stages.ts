import { setTimeout as delay } from 'node:timers/promises';
import { apiGroup, isSecret } from '../api/resource.ts';
import { ApiError, isNotFound } from '../clients/cluster/api-error.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import { isAbort } from './abort.ts';
import type { Place } from './applied-objects.ts';
import { type ApplyOptions, applyObject, type Write } from './apply-object.ts';
import { PARALLEL } from './cluster-access.ts';
import { type ApplyContext, type Decision, describeClaim } from './decide.ts';
import type { DesiredObject } from './desired-object.ts';
import { askedFor, type Failure, kindMissing, kindTerminating, toFailure } from './failure.ts';
import { inOrder } from './in-order.ts';
import { inParallel } from './in-parallel.ts';
import { otherOwner } from './owner.ts';
import { readReadiness } from './readiness.ts';
import { STAGES } from './stages.ts';

/** Milliseconds that a stage waits for what later ones need, and between two looks. */
const STAGE_TIMEOUT = 30_000;
const STAGE_POLL = 100;
/** Milliseconds until a kind that is defined must be served. */
const KIND_TIMEOUT = 10_000;

/** After so many requests in a row without any answer, the rest is not tried. */
const MAX_SILENT = 10;

/** Kinds that must be ready before the objects of later stages can be applied. */
const NEEDED_LATER: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'Namespace']);

/** What became of objects that were applied. */
interface Applied {
  readonly failures: readonly Failure[];
  /** Ids of objects that the server left as they were. */
  readonly unchanged: readonly string[];
}

/**
 * Applies what is to be created or configured, stage by stage. A failure stops neither its stage nor the others; all
 * of them are given back.
 */
export async function applyStages(
  decisions: readonly Decision[],
  force: boolean,
  context: ApplyContext,
): Promise<Applied> {
  const delivery = new StagedDelivery(force, context);
  for (let stage = 0; stage < STAGES; stage++) {
    await delivery.apply(decisions.filter(({ object }) => object.stage === stage));
  }
  // Answers come in any order; the same failures are the same message.
  const ids = decisions.map(({ object }) => object.id);
  return {
    failures: inOrder(delivery.failures, ids, ({ id }) => id),
    unchanged: inOrder(delivery.unchanged, ids, (id) => id),
  };
}

/** One delivery under way. */
class StagedDelivery {
  readonly failures: Failure[] = [];
  readonly unchanged: string[] = [];
  readonly #context: ApplyContext;
  readonly #options: ApplyOptions;
  /** Kinds that definitions of this plan bring. */
  readonly #coming = new Map<string, Promise<ApiKind>>();
  /** Kinds of objects that have vanished, as they are served now; undefined: no more. */
  readonly #vanished = new Map<string, Promise<ApiKind | undefined>>();
  /** Until when kinds that come may take to be served, for all objects together. */
  #served: number | undefined;
  #silent = 0;

  constructor(force: boolean, context: ApplyContext) {
    this.#context = context;
    this.#options = { ...context, force };
  }

  async apply(decisions: readonly Decision[]): Promise<void> {
    await inParallel(decisions, PARALLEL, async (decision) => {
      if (decision.failure) this.failures.push(decision.failure);
      else if (decision.action === 'created' || decision.action === 'configured')
        await this.#applyOne(decision);
    });
  }

  async #applyOne(decision: Decision): Promise<void> {
    const { object } = decision;
    const { client, signal } = this.#context;
    const reason =
      this.#silent >= MAX_SILENT ? 'was not tried, the API server does not answer' : this.#claim(object);
    if (reason !== undefined || !object.place) {
      const { apiVersion, kind } = object.resource;
      this.failures.push(
        reason === undefined ? kindMissing(object.id, apiVersion, kind) : { id: object.id, reason },
      );
      return;
    }
    try {
      const leaving = await this.#findLeaving(decision, object.place);
      if (leaving) {
        this.failures.push(leaving);
        return;
      }
      await this.#write(decision, object.place);
      this.#silent = 0;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      this.#silent = error instanceof ApiError ? 0 : this.#silent + 1;
      this.failures.push(toFailure(object.place, error, askedFor(object, client)));
    }
  }

  /** Another set of this process may have applied the object since it was compared. */
  #claim({ place }: DesiredObject): string | undefined {
    const { applied, set } = this.#context;
    const seen = place && applied.find(place);
    const owner = seen !== undefined && seen !== 'unknown' ? otherOwner(seen, set) : undefined;
    return owner === undefined ? undefined : describeClaim(owner, set);
  }

  async #write(decision: Decision, known: Place): Promise<void> {
    const { applied, now } = this.#context;
    const { id, digest, isComing, resource, file } = decision.object;
    const place = isComing ? { ...known, kind: await this.#awaitKind(known.kind) } : known;
    if (decision.isDrift) applied.fights.note(id, digest, now());
    const write: Write = { ...decision, object: { ...decision.object, place } };
    const apply = () => applyObject(write, this.#options);
    const after = await applied.write(place, digest, isComing ? () => this.#untilServed(apply) : apply);
    if (!isSecret(resource)) applied.keepText(id, file.text);
    if (decision.live?.resourceVersion === after.resourceVersion) this.unchanged.push(id);
    if (NEEDED_LATER.has(place.kind.kind)) await this.#awaitReady(place);
  }

  /**
   * An object may have vanished because the definition of its kind is being deleted. The server takes server-side
   * apply until the end, though it says that it does not, and what is made anew keeps the definition from going.
   */
  async #findLeaving({ object, action }: Decision, { id, kind }: Place): Promise<Failure | undefined> {
    const { applied, discovery, signal } = this.#context;
    const { apiVersion } = kind;
    if (action !== 'created' || object.isComing || !applied.isKnown(id)) return undefined;
    const name = kindName(kind);
    if (!this.#vanished.has(name)) {
      discovery.forget(apiGroup(apiVersion));
      this.#vanished.set(name, discovery.find(apiVersion, kind.kind, signal));
    }
    const present = await this.#vanished.get(name);
    if (!present) return kindMissing(id, apiVersion, kind.kind);
    return present.verbs.includes('patch') ? undefined : kindTerminating(id, kind);
  }

  /** A kind that was defined just now is listed a moment before its objects can be written. */
  async #untilServed<Result>(action: () => Promise<Result>): Promise<Result> {
    this.#served ??= performance.now() + KIND_TIMEOUT;
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (!isNotFound(error) || performance.now() > this.#served) throw error;
        await this.#pause();
      }
    }
  }

  /** How a kind is served that a definition of this plan brings; asked once for all of its objects. */
  #awaitKind(coming: ApiKind): Promise<ApiKind> {
    const name = kindName(coming);
    const asked = this.#coming.get(name) ?? this.#findKind(coming);
    this.#coming.set(name, asked);
    return asked;
  }

  /** What is not served in time is written all the same: the server then says that there is no such kind. */
  async #findKind(coming: ApiKind): Promise<ApiKind> {
    const { discovery, signal } = this.#context;
    this.#served ??= performance.now() + KIND_TIMEOUT;
    for (;;) {
      discovery.forget(apiGroup(coming.apiVersion));
      const found = await discovery.find(coming.apiVersion, coming.kind, signal);
      if (found || performance.now() > this.#served) return found ?? coming;
      await this.#pause();
    }
  }

  /** Later stages need it; when it does not become ready in time, they say themselves what they lack. */
  async #awaitReady({ kind, namespace, name }: Place): Promise<void> {
    const { client, signal } = this.#context;
    const end = performance.now() + STAGE_TIMEOUT;
    for (;;) {
      const object = await client.request({ method: 'GET', path: objectPath(kind, namespace, name) }, signal);
      const { state, message } = readReadiness(object);
      if (state === 'ready') return;
      if (state === 'failed' || performance.now() > end) throw new Error(message);
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return delay(STAGE_POLL, undefined, { signal: this.#context.signal });
  }
}

function kindName({ apiVersion, kind }: ApiKind): string {
  return `${apiVersion} ${kind}`;
}
