/** Shorter texts are no secrets, and would be found everywhere. */
const MIN_LENGTH = 6;

/** What a request says of itself, not of who asks. */
const OPEN_HEADERS = /^(?:accept|content-type|user-agent)$/i;

/**
 * Gives what takes the values of a request's headers out of a text. Servers that echo requests exist, and errors that
 * do; what came from a Secret must not reach a file that people commit, in whatever form an answer would write it.
 */
export function createRedaction(headers: Readonly<Record<string, string>>): (text: string) => string {
  const values = Object.entries(headers)
    .filter(([name]) => !OPEN_HEADERS.test(name))
    .flatMap(([, value]) => partsOf(value));
  // The longest first, so that nothing of it is left over.
  const forms = [...new Set(values.flatMap(formsOf))]
    .filter((form) => form.length >= MIN_LENGTH)
    .sort((one, other) => other.length - one.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
}

/** A value, the credentials behind its scheme, and the name and password in these (RFC 7617). */
function partsOf(value: string): string[] {
  const [, scheme = '', credentials = ''] = /^(Basic|Bearer|Token)\s+(\S+)$/i.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return [value, credentials];
  const pair = Buffer.from(credentials, 'base64').toString();
  return [value, credentials, pair, pair.slice(pair.indexOf(':') + 1)];
}

/** As it is, in JSON, in JSON for HTML, in URLs, and in base64. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const html = json.replace(/[<>&]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const bytes = Buffer.from(value);
  return [
    value,
    json,
    html,
    json.replaceAll('/', '\\/'),
    encodeURIComponent(value.toWellFormed()),
    new URLSearchParams({ v: value }).toString().slice('v='.length),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
