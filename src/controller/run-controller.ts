import type { ControllerContext, ControllerOptions } from './controller-options.ts';
import { type Controller, openController } from './open-controller.ts';
import { serveController } from './serve-controller.ts';
import { workOnSets } from './work-on-sets.ts';

/** Why a controller ended: it was asked to, or another leads now. */
export type ControllerEnd = 'stopped' | 'lost';

/** Milliseconds for what is kept at the end: last runs, and events that wait. */
const FLUSH_TIMEOUT = 5000;
/** Milliseconds between two writes of the last runs. */
const CHECKPOINT_INTERVAL = 60_000;

/**
 * Runs the controller until it is asked to stop: caches and health first, then leadership, then passes. At the end
 * passes are drained, last runs and events are kept, and the Lease is released last.
 */
export async function runController(
  options: ControllerOptions,
  context: ControllerContext,
): Promise<ControllerEnd> {
  const controller = await openController(options, context);
  const caches = new AbortController();
  let servers: { close(): Promise<void> } | undefined;
  try {
    servers = await serveController(options, controller);
    controller.log.info('starting', { version: context.version, server: controller.server });
    const watching = controller.sets.run(caches.signal);
    const end = options.enableLeaderElection
      ? await lead(options, controller, context)
      : await makePasses(options, controller, { context });
    caches.abort();
    await watching;
    controller.log.info('stopped');
    return end;
  } finally {
    caches.abort();
    await servers?.close();
    await controller.close();
  }
}

/** Makes passes as the only leader. The Lease is held until the work is done. */
async function lead(
  options: ControllerOptions,
  controller: Controller,
  context: ControllerContext,
): Promise<ControllerEnd> {
  const done = new AbortController();
  let work: Promise<unknown> | undefined;
  const elector = controller.openElector((leading) => {
    work = makePasses(options, controller, { context, leading }).finally(() => done.abort());
    // Whoever awaits it below is told; until then the Lease is given back.
    work.catch(() => {});
  });
  onAbort(context.stop, () => {
    if (!work) done.abort();
  });
  const end = await elector.run(done.signal);
  await work;
  return end;
}

/** Makes passes until asked to stop, or until the leadership ends; then keeps what is worth keeping. */
async function makePasses(
  options: ControllerOptions,
  controller: Controller,
  { context, leading }: { context: ControllerContext; leading?: AbortSignal },
): Promise<ControllerEnd> {
  const { log, parts, workshop } = controller;
  const late = new AbortController();
  const signal = AbortSignal.any([context.abort, late.signal, ...(leading ? [leading] : [])]);
  const stopping = AbortSignal.any([context.stop, signal]);
  await Promise.race([controller.sets.synced, aborted(stopping)]);
  if (!stopping.aborted) await parts.checkpoint.load(stopping).catch(unlessAborted(stopping));
  const saving = setInterval(() => void saveRuns(controller, signal), CHECKPOINT_INTERVAL);

  const working = workOnSets(workshop, signal);
  await aborted(stopping);
  workshop.queue.shutDown();
  const hurry = setTimeout(
    () => late.abort(new Error('the time to finish is over')),
    options.gracefulShutdownTimeout,
  );
  log.info('finishing the passes under way', { count: workshop.queue.working });
  await working;
  clearTimeout(hurry);
  clearInterval(saving);

  if (leading?.aborted) return 'lost';
  const flushing = AbortSignal.timeout(FLUSH_TIMEOUT);
  await Promise.all([saveRuns(controller, flushing), parts.events.flush(flushing)]);
  return 'stopped';
}

async function saveRuns({ parts, log }: Controller, signal: AbortSignal): Promise<void> {
  try {
    await parts.checkpoint.flush(signal);
  } catch (error) {
    log.warn('last runs were not kept', { error: (error as Error).message });
  }
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => onAbort(signal, resolve));
}

function onAbort(signal: AbortSignal, action: () => void): void {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
}
