import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TOKEN } from './faulty-prometheus.ts';
import { SECRETS } from './faulty-set.ts';
import { answering, type Injection, inTurn, QUESTIONS, type SourceFault } from './source-fault.ts';

const METADATA = '169.254.169.254';
/** What DNS gives in place of the address; each leads where nobody may ask. */
const FORBIDDEN = [METADATA, '::ffff:169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '0.0.0.0', '::'];

const LATE = /no whole answer within 2s|stopped in its middle|no answer in time|no connection in time/;
const CLOSED = /closed|reset|TLS failed|not as long as it says|does not speak HTTP properly/;

/** Bytes one after the other, one a second: faster than any time for a pause, and never at the end. */
function drip(response: ServerResponse, text: string): void {
  const rest = [...text];
  const timer = setInterval(() => response.write(rest.shift() ?? ' '), 1000);
  response.on('close', () => clearInterval(timer));
}

/** The same below HTTP: a status line that never ends. */
function dripHeaders(response: ServerResponse): void {
  const { socket } = response;
  socket?.write('HTTP/1.1 200 OK\r\nx-');
  const timer = setInterval(() => socket?.write('x'), 1000);
  socket?.on('close', () => clearInterval(timer));
}

/** Connections, names and certificates that are not as they should be. */
const CONNECTIONS: readonly SourceFault[] = [
  {
    what: 'a port where nobody listens',
    inject: () => ({ refused: true, word: 'Failed', message: /connection refused/ }),
  },
  {
    what: 'a name that DNS does not know, or not now',
    inject: (n) => ({
      addresses: inTurn(['ENOTFOUND', 'EAI_AGAIN'], n),
      word: 'Failed',
      message: inTurn([/the host name is unknown/, /the host name cannot be resolved now/], n),
    }),
  },
  {
    what: 'a name that leads to an address that is refused',
    inject: (n) => ({
      addresses: [inTurn([[inTurn(FORBIDDEN, n)], ['127.0.0.1', inTurn(FORBIDDEN, n)]], Math.floor(n / 6))],
      word: 'Failed',
      message: /the name leads to \S+, an? (?:link-local|metadata|unspecified) address, which is refused/,
    }),
  },
  {
    what: 'a name that leads elsewhere the next time',
    inject: (n) => ({
      addresses: [['127.0.0.1'], [inTurn(FORBIDDEN, n)]],
      word: 'Failed',
      message: /which is refused/,
      // The first connection is used up, so that the name is asked again.
      answer: ({ response }) => response.destroy(),
    }),
  },
  {
    what: 'a certificate that is expired, of another authority, or for another host',
    inject: (n) => ({
      certificate: inTurn(['expired', 'otherCa', 'elsewhere'] as const, n),
      word: 'Failed',
      message: inTurn([/CERT_HAS_EXPIRED/, /TLS failed/, /ERR_TLS_CERT_ALTNAME_INVALID/], n),
    }),
  },
  {
    what: 'something that does not speak TLS',
    inject: (n) => ({
      connect: (socket) => socket.end(inTurn(['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-x\r\n', ''], n)),
      word: 'Failed',
      message: CLOSED,
    }),
  },
  {
    what: 'a connection that is reset at once',
    inject: () => ({
      connect: (socket: Socket) => socket.resetAndDestroy(),
      word: 'Failed',
      message: CLOSED,
    }),
  },
  {
    what: 'a connection that is reset in the middle of a body',
    inject: (n) => ({
      async answer({ response, ask }) {
        const { body } = await ask();
        response.writeHead(200, inTurn([{}, { 'content-length': body.length }], n));
        response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
      },
      ...to(n),
      word: 'Failed',
      message: CLOSED,
    }),
  },
  {
    what: 'headers that are too large',
    inject: (n) => ({
      ...answering(200, '{}', { 'x-large': 'x'.repeat(100_000) }),
      ...to(n),
      word: 'Failed',
      message: /the headers of the answer are too large/,
    }),
  },
];

/** Answers that take longer than there is time. */
const SLOWNESS: readonly SourceFault[] = [
  {
    what: 'a connection that stays silent',
    inject: () => ({ connect: () => {}, word: 'Failed', message: LATE }),
  },
  {
    what: 'headers that never come',
    inject: (n) => ({ answer: () => {}, ...to(n), word: 'Failed', message: LATE }),
  },
  {
    what: 'headers at one byte a second',
    inject: (n) => ({
      answer: ({ response }) => dripHeaders(response),
      ...to(n),
      word: 'Failed',
      message: LATE,
    }),
  },
  {
    what: 'a body at one byte a second',
    inject: (n) => ({
      async answer({ response, ask }) {
        response.writeHead(200);
        drip(response, (await ask()).body);
      },
      ...to(n),
      word: 'Failed',
      message: LATE,
    }),
  },
  {
    what: 'a body that never ends, whole as it is',
    inject: (n) => ({
      async answer({ response, ask }) {
        response.writeHead(200).write((await ask()).body);
      },
      ...to(n),
      word: 'Failed',
      message: LATE,
    }),
  },
];

/** Secrets that are not what they were. */
const SECRET_FAULTS: readonly SourceFault[] = [
  {
    what: 'a Secret that is deleted',
    inject: (n) => ({
      secret: { name: inTurn([SECRETS.token, SECRETS.tls], n), data: null },
      word: 'Failed',
      message: /Secret \S+ does not exist/,
    }),
  },
  {
    what: 'a Secret that is deleted while the question is under way',
    inject: (n) => ({
      secret: { name: inTurn([SECRETS.token, SECRETS.tls], n), data: null },
      isLate: true,
      word: 'Failed',
      message: /Secret \S+ does not exist/,
    }),
  },
  {
    what: 'a Secret that is broken',
    inject: (n) => ({
      ...inTurn<Pick<Injection, 'secret' | 'message'>>(
        [
          { secret: { name: SECRETS.token, data: {} }, message: /neither token nor username and password/ },
          { secret: { name: SECRETS.token, data: { token: '' } }, message: /token is empty/ },
          { secret: { name: SECRETS.token, data: { token: `${TOKEN}\n` } }, message: /a line break/ },
          { secret: { name: SECRETS.tls, data: { 'ca.crt': TOKEN } }, message: /ca\.crt/ },
          { secret: { name: SECRETS.tls, data: {} }, message: /neither ca\.crt nor tls\.crt/ },
        ],
        n,
      ),
      word: 'Failed',
    }),
  },
];

/** What lies below an answer. */
export const NETWORK_FAULTS = { network: CONNECTIONS, slowness: SLOWNESS, secrets: SECRET_FAULTS } as const;

function to(n: number) {
  const questions = inTurn(QUESTIONS, n);
  return questions && { to: questions };
}
