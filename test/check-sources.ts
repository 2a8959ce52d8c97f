import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** The scripts of package.json that look at sources; each uses one core. */
const CHECKS = ['types', 'lint', 'deps'];

/** Runs a script of package.json, and prints what it says in one piece. Gives whether it found nothing. */
async function runCheck(name: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  process.stdout.write(`> ${name}${code === 0 ? '' : ' failed'}\n${stdout}${stderr}`);
  return code === 0;
}

const results = await Promise.all(CHECKS.map(runCheck));
process.exitCode = results.every(Boolean) ? 0 : 1;
