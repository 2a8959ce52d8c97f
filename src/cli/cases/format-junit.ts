import type { CaseResult } from './test-case.ts';

/** What XML 1.0 can hold in no way, not even escaped. */
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The results as JUnit XML, which CI systems read. */
export function formatJunit(results: readonly CaseResult[]): string {
  const failures = results.filter(({ passed }) => !passed).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const counts = `tests="${results.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="generatorset" ${counts}>`,
    ...results.map(formatCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function formatCase({ folder, kind, passed, seconds, message = '', diff = '' }: CaseResult): string {
  const attributes = `name="${attribute(folder)}" classname="generatorset.${kind}" time="${seconds.toFixed(3)}"`;
  if (passed) return `    <testcase ${attributes}/>`;
  const text = content(diff || message);
  return `    <testcase ${attributes}>\n      <failure message="${attribute(message)}">${text}</failure>\n    </testcase>`;
}

/** Line breaks too are escaped: a reader makes spaces of those that stand in an attribute. */
function attribute(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"\t\n\r]/g, (c) => ESCAPES[c] ?? c);
}

function content(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>\r]/g, (c) => ESCAPES[c] ?? c);
}
