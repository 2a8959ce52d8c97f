const MAX_REF_BYTES = 200;

/** The rules of git-check-ref-format(1), and those of `git branch`, as what a name breaks. */
const RULES: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /^$/, problem: 'is empty' },
  { pattern: /[\x00-\x20\x7f]/, problem: 'has a space or a control character' },
  { pattern: /[~^:?*[\\]/, problem: 'has one of the characters ~ ^ : ? * [ \\' },
  { pattern: /^[-+]/, problem: 'begins with "-" or "+"' },
  { pattern: /\.\.|@\{/, problem: 'has ".." or "@{"' },
  { pattern: /^\/|\/$|\/\//, problem: 'has an empty part (a leading, trailing or double "/")' },
  { pattern: /(^|\/)\./, problem: 'has a part that begins with a dot' },
  { pattern: /\.lock(\/|$)/, problem: 'has a part that ends with ".lock"' },
  { pattern: /\.$/, problem: 'ends with a dot' },
  { pattern: /^(@|HEAD)$/, problem: 'means something else to Git' },
  { pattern: /^refs\//, problem: 'is a full ref; give its short name, such as "main"' },
  { pattern: /\p{Cs}/u, problem: 'is not valid Unicode' },
];

/** Throws unless the text can name a branch or tag, so that Git reads it as nothing else: no option, no refspec. */
export function checkRefName(name: string, what: 'branch' | 'tag'): void {
  const rule = RULES.find(({ pattern }) => pattern.test(name));
  const tooLong =
    Buffer.byteLength(name) > MAX_REF_BYTES ? `is longer than ${MAX_REF_BYTES} bytes` : undefined;
  const problem = rule?.problem ?? tooLong;
  if (problem !== undefined) throw new Error(`${what} ${JSON.stringify(name.slice(0, 100))} ${problem}`);
}

/** Tells a full object id (SHA-1 or SHA-256, lower-case hex) from anything else. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
