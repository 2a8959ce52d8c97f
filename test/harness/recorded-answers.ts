import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An answer of Prometheus with these samples, by the name of their service. */
export function vector(samples: Readonly<Record<string, number | string>>): string {
  const result = Object.entries(samples).map(([service, value]) => ({
    metric: { service },
    value: [1687950455.23, String(value)],
  }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

/** Makes a folder for `--replay` that answers GET of the url with these bodies in turn. */
export async function recordAnswers(
  folder: string,
  url: string,
  answers: readonly (string | { status: number; body: string })[],
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [index, answer] of answers.entries()) {
    const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
    const recording = {
      request: { method: 'GET', url },
      response: { status, headers: { 'content-type': 'application/json' }, body },
    };
    await writeFile(join(folder, `${String(index + 1).padStart(3, '0')}.json`), JSON.stringify(recording));
  }
  return folder;
}
