import { text } from 'node:stream/consumers';
import { startHttpServer, type TestServer } from './http-server.ts';

/** A real Prometheus, asked as if a time that is past were now. */
export interface PastPrometheus extends TestServer {
  /** Seconds since 1970 for which it answers; undefined: it is out of order, and answers 503. */
  time: number | undefined;
}

/** Starts a server that hands queries on to a Prometheus with its own `time`, as if its clock stood there. */
export async function startPastPrometheus(origin: string): Promise<PastPrometheus> {
  const server = await startHttpServer(async (request, response) => {
    const { time } = past;
    if (time === undefined) {
      response.writeHead(503).end('down');
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const form = new URLSearchParams([...searchParams, ...new URLSearchParams(await text(request))]);
    if (!form.has('time')) form.set('time', String(time));
    const answer = await fetch(new URL(pathname, origin), { method: 'POST', body: form });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  });
  const past: PastPrometheus = { ...server, time: undefined };
  return past;
}
