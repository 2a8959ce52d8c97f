import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEvent } from './audit-log.ts';
import { createNamespace, waitFor } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import { type Election, LeaderCandidate } from './leader-candidate.ts';

/** How a leadership is made to end. */
export const LEADER_FAULTS = [
  'killed',
  'terminated',
  'paused',
  'frozen',
  'blocked',
  'cut off',
  'lossy',
  'overwritten',
  'deleted and killed',
  'server restarted',
] as const;
export type LeaderFault = (typeof LEADER_FAULTS)[number];

/** Milliseconds. The lease is the shortest that leaves the fence room: it stops writes a second before its end. */
const TIMING = [3000, 2500, 400] as const;
const CANDIDATES = 3;

/** What came of the changes. */
export interface ChangesReport {
  readonly leaderships: number;
  readonly writes: number;
  /** Writes of a leadership that the server received after the first of a later one, and carried out. */
  readonly late: readonly string[];
  /**
   * The same, refused or given up by the server. A process that is stopped between its last look at the clock and the
   * bytes' way to the kernel sends them when it goes on: too late for the server, which has its own clock.
   */
  readonly lateInVain: readonly string[];
  /** First writes of a leadership received while the server still worked on one of another that it carried out. */
  readonly overlapping: readonly string[];
  /** Milliseconds between the last write of a leadership and the first of the next, the shortest. */
  readonly shortestGap: number;
}

/** Lets three processes elect a leader on a real API server, and ends leaderships in these ways, one after another. */
export async function changeLeaders(
  server: KubeApiserver,
  faults: readonly LeaderFault[],
): Promise<ChangesReport> {
  const namespace = await createNamespace(server, 'leaders');
  const mark = await server.markAudit();
  const trial = new Trial(server, namespace);
  try {
    await trial.begin();
    for (const fault of faults) await trial.change(fault);
  } finally {
    await trial.end();
  }
  const report = reportOf(await server.audit(mark), namespace);
  const explain = (write: string) => `${write} (after ${trial.faultBefore(write)})`;
  return { ...report, late: report.late.map(explain), lateInVain: report.lateInVain.map(explain) };
}

/** The candidates, and who of them leads. */
class Trial {
  readonly #election: Election;
  readonly #candidates = new Map<string, LeaderCandidate>();
  readonly #faults: { readonly at: string; readonly fault: LeaderFault }[] = [];
  #reign = '';
  #started = 0;

  constructor(server: KubeApiserver, namespace: string) {
    this.#election = {
      server,
      namespace,
      timing: TIMING,
      onLeader: (reign) => {
        this.#reign = reign;
      },
    };
  }

  async begin(): Promise<void> {
    for (let count = 0; count < CANDIDATES; count++) await this.#start();
    await waitFor('a first leader', () => this.#reign !== '', 30_000);
  }

  /** Ends the present leadership, waits for the first write of the next, and repairs what was broken. */
  async change(fault: LeaderFault): Promise<void> {
    const before = this.#reign;
    const leader = this.#candidates.get(before.slice(0, before.lastIndexOf('.'))) as LeaderCandidate;
    await delay(Math.random() * 300);
    this.#faults.push({ at: new Date().toISOString(), fault });
    const repair = await this.#strike(fault, leader);
    await waitFor(`a leader after one was ${fault}`, () => this.#reign !== before, 60_000).catch((error) => {
      const errors = [...this.#candidates.values()].map((it) => `${it.identity}: ${it.errors.slice(-3)}`);
      throw new Error(`${error.message} (${errors.join('; ')})`, { cause: error });
    });
    await repair?.();
    // Time for the old leader to write late, if it can.
    await delay(200);
    for (const [identity, candidate] of this.#candidates) {
      if (!candidate.hasEnded) continue;
      await candidate.end();
      this.#candidates.delete(identity);
      await this.#start();
    }
  }

  /** What had been done last when a write was received; `<reign> <time>`. */
  faultBefore(write: string): string {
    const at = write.split(' ')[1] as string;
    return this.#faults.findLast((it) => it.at <= at)?.fault ?? 'the start';
  }

  async end(): Promise<void> {
    await Promise.all([...this.#candidates.values()].map((candidate) => candidate.kill()));
  }

  async #start(): Promise<void> {
    const identity = `c${this.#started++}`;
    this.#candidates.set(identity, await LeaderCandidate.start(this.#election, identity));
  }

  async #strike(fault: LeaderFault, leader: LeaderCandidate): Promise<(() => unknown) | undefined> {
    const { server } = this.#election;
    switch (fault) {
      case 'killed':
        leader.signal('SIGKILL');
        return undefined;
      case 'terminated':
        leader.signal('SIGTERM');
        assert.equal(await leader.end(), 0);
        return undefined;
      case 'paused':
        leader.signal('SIGSTOP');
        return () => leader.signal('SIGCONT');
      case 'frozen':
        leader.freeze(1 + Math.floor(Math.random() * 6));
        return () => leader.signal('SIGCONT');
      case 'blocked':
        leader.block(6000);
        return () => delay(2000);
      case 'cut off':
        leader.proxy.cut();
        return () => leader.proxy.repair();
      case 'lossy':
        leader.proxy.lose();
        return () => leader.proxy.repair();
      case 'overwritten':
        await this.#overwrite();
        return undefined;
      case 'deleted and killed':
        leader.signal('SIGKILL');
        await server.request('DELETE', this.#lease());
        return undefined;
      case 'server restarted':
        await server.restart({ signal: 'SIGTERM', downFor: TIMING[0] });
        return undefined;
    }
  }

  #lease(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.#election.namespace}/leases/leader`;
  }

  async #overwrite(): Promise<void> {
    const contentType = 'application/merge-patch+json';
    const body = { spec: { holderIdentity: 'somebody' } };
    const { status } = await this.#election.server.request('PATCH', this.#lease(), body, { contentType });
    assert.equal(status, 200);
  }
}

interface Write {
  readonly reign: string;
  readonly received: string;
  readonly done: string;
  /** The answer's status; 0 where there was none. */
  readonly code: number;
}

/** Reads from the API server's own log who wrote when. */
function reportOf(events: readonly AuditEvent[], namespace: string): ChangesReport {
  const writes = events
    .filter(
      (it) => it.verb === 'patch' && it.objectRef?.namespace === namespace && it.objectRef.name === 'written',
    )
    .map(toWrite)
    .sort((a, b) => (a.received < b.received ? -1 : 1));
  const reigns = new Set<string>();
  const all: Write[] = [];
  const overlapping: string[] = [];
  let shortestGap = Number.POSITIVE_INFINITY;
  let [reign, lastDone] = ['', ''];
  for (const write of writes) {
    if (write.reign !== reign && reigns.has(write.reign)) all.push(write);
    else if (write.reign !== reign) {
      if (lastDone > write.received) overlapping.push(show(write));
      if (reign !== '')
        shortestGap = Math.min(shortestGap, Date.parse(write.received) - Date.parse(lastDone));
      reign = write.reign;
      reigns.add(reign);
    }
    if (isCarriedOut(write) && write.done > lastDone) lastDone = write.done;
  }
  const late = all.filter(isCarriedOut).map(show);
  const lateInVain = all.filter((write) => !isCarriedOut(write)).map(show);
  return { leaderships: reigns.size, writes: writes.length, late, lateInVain, overlapping, shortestGap };
}

function isCarriedOut({ code }: Write): boolean {
  return code >= 200 && code < 300;
}

function show({ reign, received, code }: Write): string {
  return `${reign} ${received} ${code}`;
}

function toWrite(event: AuditEvent): Write {
  const { requestURI, requestReceivedTimestamp, stageTimestamp, responseStatus } = event;
  const reign = new URL(requestURI, 'https://server').searchParams.get('fieldManager') ?? '';
  const code = responseStatus?.code ?? 0;
  return { reign, received: requestReceivedTimestamp, done: stageTimestamp, code };
}
