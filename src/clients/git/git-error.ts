import type { GitResult } from './run-git.ts';

/** How much of git's or a server's own words is shown. */
const MAX_LINES = 8;
const MAX_LINE_LENGTH = 300;

/** What git's messages (in the C locale) mean for the one who set up the repository; the first match counts. */
const CAUSES: readonly { readonly pattern: RegExp; readonly cause: string }[] = [
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    cause:
      "the server's host key is not the one in known_hosts: make sure of the server, then correct known_hosts",
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]\b|Permission denied \(|Load key .*: (?:error|invalid)/i,
    cause: 'authentication failed: check the secret and that it may access this repository',
  },
  {
    pattern: /returned error: 30\d|unable to update url base from redirection/i,
    cause: 'the server redirects to another address: use that one as the url (it may only miss a final .git)',
  },
  {
    pattern:
      /repository '.*' not found|returned error: 404|Repository not found|does not (?:appear to be|exist)|no such repository/i,
    cause: 'there is no such repository, or the secret may not see it',
  },
  {
    pattern: /certificate|SSL_|SSL routines|\bTLS\b/i,
    cause: "the server's certificate cannot be verified: check the secret's ca.crt",
  },
  {
    pattern: /dubious ownership/i,
    cause: 'the repository belongs to another user of this machine, so git does not open it',
  },
  {
    pattern: /couldn't find remote ref|not our ref|Server does not allow request for unadvertised object/i,
    cause: 'the server does not have this ref or commit',
  },
  {
    pattern:
      /Could not resolve host|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out|closed)|Operation (?:too slow|timed out)|early EOF|unexpected disconnect|hung up|RPC failed|unreachable|No route to host|Empty reply|returned error: 5\d\d|transfer closed/i,
    cause: 'the server cannot be reached or broke the connection',
  },
  { pattern: /No space left on device|Disk quota exceeded/i, cause: 'the disk is full' },
];

/** Words the failure of a command that talked to a remote; never holds a secret. */
export function describeFailure(action: string, result: GitResult, secrets: readonly string[] = []): Error {
  if (result.exitCode !== null && result.exitCode < 0)
    return new Error(`cannot ${action}: git cannot be started; is it installed and on PATH?`);
  // The worded cause stands alone: git's own text around it may hold what a server chose to say.
  const known = CAUSES.find(({ pattern }) => pattern.test(result.stderr));
  const own = cleanLines(result.stderr, secrets).join('; ');
  const cause = known?.cause ?? (own || `git ended with ${result.exitCode ?? 'a signal'}`);
  return new Error(`cannot ${action}: ${cause}`);
}

/** What a server's hook said, for people; empty when it said nothing. */
export function remoteText(stderr: string, secrets: readonly string[]): string {
  const lines = stderr.split(/[\r\n]+/).flatMap((line) => /^remote: ?(.*)$/.exec(line)?.[1]?.trim() ?? []);
  return cleanLines(lines.join('\n'), secrets).join('; ');
}

/** A few printable lines without secrets and without user information in URLs. */
export function cleanLines(text: string, secrets: readonly string[]): string[] {
  let redacted = text;
  for (const secret of secrets) if (secret !== '') redacted = redacted.replaceAll(secret, '***');
  const lines = redacted
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/\/\/[^/@\s]*@/g, '//')
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim())
    .filter((line) => line !== '');
  const shown = lines
    .slice(0, MAX_LINES)
    .map((line) => (line.length <= MAX_LINE_LENGTH ? line : `${line.slice(0, MAX_LINE_LENGTH)}...`));
  return lines.length > MAX_LINES ? [...shown, '...'] : shown;
}
