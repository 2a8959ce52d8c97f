import { StalledError } from '../../api/errors.ts';
import type { HttpRequest } from '../../api/readers.ts';
import { describeUrl } from '../../lib/describe-url.ts';
import { literalAddress, refuseAddress } from '../../lib/network-address.ts';

// Far above what any query needs, and low enough that no set can flood a server with what it sends.
const MAX_URL_LENGTH = 16 * 1024;
/** Milliseconds. */
const MAX_TIMEOUT = 3_600_000;
const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADERS = 64;
const MAX_HEADER_BYTES = 16 * 1024;

// RFC 9110, 5.6.2 (token) and 5.5 (field value).
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// They frame the message, belong to one connection, or would make the server see another caller.
const REFUSED_HEADERS =
  /^(?:host|te|expect|upgrade|trailer|connection|keep-alive|content-length|transfer-encoding|accept-encoding|proxy-.*|impersonate-.*)$/i;

/** What every request must satisfy before a socket is opened. Returns its URL. */
export function checkRequest(request: HttpRequest, options: { allowLoopback: boolean }): URL {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new StalledError('InvalidRequest', 'the method must be GET or POST');
  }
  if (!(request.timeout > 0 && request.timeout <= MAX_TIMEOUT)) {
    throw new StalledError('InvalidRequest', 'the timeout must be longer than 0s and at most 1h');
  }
  if (request.body !== undefined && Buffer.byteLength(request.body) > MAX_BODY_BYTES) {
    throw new StalledError('InvalidRequest', `the body is larger than ${MAX_BODY_BYTES / 1024} KiB`);
  }
  checkHeaders(request.headers ?? {});
  const url = parseUrl(request.url);
  checkUrl(url, options);
  return url;
}

/**
 * Refuses URLs that are not plain http(s), carry user information or name an address that is never reached.
 */
export function checkUrl(url: URL, options: { allowLoopback: boolean }): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new StalledError('InvalidRequest', `URLs must begin with http:// or https://, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new StalledError(
      'InvalidRequest',
      `${describeUrl(url)}: user information in a URL is refused; put an Authorization header in the object of headersRef`,
    );
  }
  const address = literalAddress(url.hostname);
  const refused = address === undefined ? undefined : refuseAddress(address, options);
  if (refused) throw new StalledError('AddressRefused', `${describeUrl(url)}: ${refused} is refused`);
}

/** Parses without repeating the text, which may hold a token in a place that is no query. */
function parseUrl(text: string): URL {
  if (text.length > MAX_URL_LENGTH) {
    throw new StalledError('InvalidRequest', `the URL is longer than ${MAX_URL_LENGTH} characters`);
  }
  // The URL parser drops tabs and line breaks, so that the URL asked would not be the URL shown.
  if (/[\0-\x20\x7f]/.test(text)) {
    throw new StalledError(
      'InvalidRequest',
      'the URL has a space or control character; write it as %20 or the like',
    );
  }
  const url = URL.parse(text);
  if (!url) throw new StalledError('InvalidRequest', 'the URL is malformed');
  url.hash = '';
  return url;
}

/** Headers come from Secrets and ConfigMaps, so their errors are not the spec's, and never show a value. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const entries = Object.entries(headers);
  const size = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > MAX_HEADERS || size > MAX_HEADER_BYTES) {
    throw new Error(`more than ${MAX_HEADERS} headers or ${MAX_HEADER_BYTES / 1024} KiB of headers`);
  }
  for (const [name, value] of entries) checkHeader(name, value);
}

/** Refused, not dropped: a header that silently does nothing costs its owner an afternoon. */
function checkHeader(name: string, value: string): void {
  if (!HEADER_NAME.test(name))
    throw new Error(`${JSON.stringify(name.slice(0, 64))} cannot be a header's name`);
  if (REFUSED_HEADERS.test(name)) throw new Error(`the header ${name} is refused; remove its key`);
  if (/[\r\n]/.test(value)) {
    throw new Error(`the value of the header ${name} has a line break; write it without one, as printf does`);
  }
  if (!HEADER_VALUE.test(value))
    throw new Error(`the value of the header ${name} has a character that no header may have`);
}
