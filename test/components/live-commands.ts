import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { useCommandLine } from '../harness/command-line.ts';
import { useController } from '../harness/controller-suite.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { isWrite } from './audit-log.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** The program beside a cluster in which a controller runs. */
export interface LiveCommands {
  server(): KubeApiserver;
  /** Runs a command as the administrator, and proves by the audit log that it has written nothing. */
  run(...args: string[]): Promise<ProgramResult>;
  /** The same with the text that the program reads from stdin. */
  runWith(stdin: string, ...args: string[]): Promise<ProgramResult>;
  /** Writes objects into one file, and gives its path. */
  writeObjects(...objects: KubeObject[]): Promise<string>;
}

/** Gives the suite that calls it a cluster, a controller and the program. */
export function useLiveCommands(): LiveCommands {
  const { server } = useController();
  const files = useCommandLine();
  async function runWith(stdin: string, ...args: string[]): Promise<ProgramResult> {
    const mark = await server().markAudit();
    const env = { ...files.env(), KUBECONFIG: server().kubeconfig };
    const result = await runProgram(args, { env, stdin });
    const mine = (await server().audit(mark)).filter(({ userAgent }) =>
      userAgent?.startsWith('generatorset/'),
    );
    const writes = mine.filter((event) => isWrite(event) && !event.requestURI.includes('dryRun=All'));
    assert.deepEqual(
      writes.map(({ verb, requestURI }) => `${verb} ${requestURI}`),
      [],
      'the command has written to the cluster',
    );
    return result;
  }
  return {
    server,
    runWith,
    run: (...args) => runWith('', ...args),
    writeObjects: (...objects) =>
      files.writeSet(objects.map((object) => stringify(object)).join('---\n'), 'objects.yaml'),
  };
}
