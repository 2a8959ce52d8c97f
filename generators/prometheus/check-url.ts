import type { SpecMistake } from '../generator.ts';

/** The URL is where Prometheus is, and nothing more. No message repeats it: it may hold a password. */
export function checkUrl(text: string): SpecMistake[] {
  const message = findMistake(text);
  return message === undefined ? [] : [{ path: ['url'], message }];
}

function findMistake(text: string): string | undefined {
  if (/[\0-\x20\x7f]/.test(text)) return 'has a space or control character';
  const url = URL.parse(text);
  if (!url) return 'is malformed';
  if (url.username !== '' || url.password !== '') {
    return 'has user information; put username and password into the Secret of secretRef';
  }
  if (/[?#]/.test(text)) return 'has a query or fragment; give only what stands before /api/v1';
  if (/\/api\/v1(?:\/|$)/.test(url.pathname))
    return 'has the path of the API; give only what stands before /api/v1';
  return undefined;
}
