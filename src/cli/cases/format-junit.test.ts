import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatJunit } from './format-junit.ts';
import type { CaseResult } from './test-case.ts';

const passed: CaseResult = {
  folder: 'examples/a',
  kind: 'set',
  passed: true,
  resources: 2,
  seconds: 0.25,
  updated: false,
};
const failed: CaseResult = {
  ...passed,
  folder: 'examples/<b> & "c"',
  kind: 'template',
  passed: false,
  message: '1 of 2 resources\nare not as expected',
  diff: '--- a\n+++ b\n-  x: "<1>"\n+  x: \u0001]]>&amp;\n',
};

/** What an XML reader makes of a text with the five entities and of characters by number. */
function unescapeXml(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code === undefined ? (named[name] ?? assert.fail(name)) : String.fromCharCode(Number(code)),
  );
}

describe('formatJunit', () => {
  it('writes a suite with its counts, a case for each folder, and why one failed', () => {
    assert.equal(
      formatJunit([passed, failed]),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="0.500">
  <testsuite name="generatorset" tests="2" failures="1" errors="0" time="0.500">
    <testcase name="examples/a" classname="generatorset.set" time="0.250"/>
    <testcase name="examples/&lt;b&gt; &amp; &quot;c&quot;" classname="generatorset.template" time="0.250">
      <failure message="1 of 2 resources&#10;are not as expected">--- a
+++ b
-  x: "&lt;1&gt;"
+  x: \ufffd]]&gt;&amp;amp;
</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  it('tells the message where there is no diff', () => {
    const { diff: _, ...withoutDiff } = failed;
    assert.match(formatJunit([withoutDiff]), />1 of 2 resources\nare not as expected<\/failure>/);
  });

  it('gives every text back to who reads the XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const xml = formatJunit([{ ...failed, message: text, diff: `-${text}` }]);
        const [, message = '', diff = ''] =
          /<failure message="([^"<]*)">([^<]*)<\/failure>/.exec(xml) ?? assert.fail(xml);
        const kept = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu, '\ufffd');
        assert.equal(unescapeXml(message), kept);
        assert.equal(unescapeXml(diff), `-${kept}`);
        assert.doesNotMatch(xml.replaceAll(/&(?:#\d+|\w+);/g, ''), /&/);
      }),
    );
  });
});
