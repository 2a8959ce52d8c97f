import { trimEndOf } from '../../src/lib/trim-end.ts';

/** The API of a server: its address and the path of the API, unless the address has that already. */
export function apiBelow(serverURL: string, path: string): string {
  const server = trimEndOf(serverURL, '/');
  return server.endsWith(path) ? server : `${server}${path}`;
}

/** `owner/name` as part of a URL's path. */
export function repositoryPath(repo: string): string {
  return repo.split('/').map(encodeURIComponent).join('/');
}
