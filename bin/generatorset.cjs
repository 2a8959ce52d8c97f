#!/usr/bin/env node
// Starts the program on a Node that can run it: this one, or the one that `npm ci` installed beside it.
'use strict';
const { existsSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');

// The sources where they are, else the bundle that is made of them.
const isSource = existsSync(join(__dirname, '../src/main.ts'));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  // Compiled code is kept from one start to the next; where it cannot be, the start is slower, that is all.
  try {
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    const folder = process.env.NODE_COMPILE_CACHE || join(cache, 'generatorset', 'compiled');
    require('node:module').enableCompileCache?.(folder);
  } catch {
    // A user without a name has no home.
  }
  import(isSource ? '../src/main.ts' : '../dist/main.js');
} else {
  const { spawn } = require('node:child_process');
  let node;
  try {
    node = require.resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    const remedy = isSource ? 'run "npm ci", or install a newer Node.js' : 'install a newer Node.js';
    console.error(`generatorset needs Node.js 22.19 or later; this is ${process.versions.node}: ${remedy}`);
    process.exit(1);
  }
  // By the name that it was called by, which may be that of a plugin.
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
