import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRootOnDebian, makeComponent, unpackPackages } from './debian-packages.ts';
import { componentFolder, findProgram } from './find-program.ts';

/** Shells of Debian's packages that are unpacked, since few machines have them. */
const COMPONENT = 'completion-shells';
const PACKAGES = ['zsh', 'zsh-common', 'fish', 'fish-common', 'libpcre2-32-0'];

/** How a shell is started with nothing of the user's, and what it must be told before it completes. */
export interface TestShell {
  readonly command: string;
  /** Lines for the shell, run before anything else. */
  readonly setup: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A shell of this machine, or one that was unpacked; undefined where there is none. */
export function findShell(name: 'bash' | 'zsh' | 'fish'): TestShell | undefined {
  const installed = findProgram(name);
  const starts = { bash: '--norc --noprofile -i', zsh: '-f -i', fish: '--no-config' } as const;
  if (installed)
    return { command: `${installed} ${starts[name]}`, setup: name === 'zsh' ? COMPINIT : '', env: {} };
  if (name === 'bash') return undefined;
  const folder = unpackShells();
  if (folder === undefined) return undefined;
  const env = { LD_LIBRARY_PATH: libraries(folder) };
  if (name === 'fish') {
    const setup = `set fish_function_path ${folder}/usr/share/fish/functions; `;
    return { command: `${folder}/usr/bin/fish ${starts.fish}`, setup, env };
  }
  const paths = `module_path=(${libraries(folder)}/zsh/5.9); fpath=(${folder}/usr/share/zsh/functions/**/*(/)); `;
  const modules = 'zmodload zsh/zle zsh/complete zsh/complist zsh/computil; ';
  return { command: `${folder}/bin/zsh ${starts.zsh}`, setup: `${paths}${modules}${COMPINIT}`, env };
}

const COMPINIT = "autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''; ";

function libraries(folder: string): string {
  return join(folder, 'usr/lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu');
}

/** Their folder; undefined where packages can't be fetched. */
function unpackShells(): string | undefined {
  const folder = componentFolder(COMPONENT);
  if (existsSync(folder)) return folder;
  if (!isRootOnDebian()) return undefined;
  try {
    makeComponent(COMPONENT, (place) => unpackPackages(PACKAGES, place));
  } catch {
    return undefined;
  }
  return existsSync(folder) ? folder : undefined;
}

/** A person at a terminal, before a shell. */
export interface Terminal {
  /** Writes keys as a keyboard sends them. */
  press(keys: string): void;
  /** Waits until the terminal shows a text since `from`, or what has come after 20 seconds. */
  shows(wanted: string, from?: number): Promise<string>;
  /** How much has been shown so far. */
  position(): number;
  close(): void;
}

/** Opens a terminal with this shell; `script` of util-linux gives it the terminal. */
export function openTerminal(
  shell: TestShell,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Terminal {
  const child = spawn('script', ['-qfec', shell.command, '/dev/null'], {
    cwd,
    env: { ...env, ...shell.env, TERM: 'dumb', INPUTRC: '/dev/null', PS1: '$ ' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  child.stdin.on('error', () => {});
  return {
    press: (keys) => void child.stdin.write(keys),
    position: () => shown.length,
    async shows(wanted, from = 0) {
      const end = Date.now() + 20_000;
      while (!shown.slice(from).includes(wanted) && Date.now() < end) await delay(50);
      return shown.slice(from);
    },
    close: () => void child.kill('SIGKILL'),
  };
}
