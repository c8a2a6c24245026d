import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const binary = process.env.DESKBELL_BIN ?? fileURLToPath(new URL('../../../bin/deskbell', import.meta.url));

/** One running deskbell on a data folder of its own. */
export interface Program {
  /** Where it is, without a slash at the end. */
  url: string;
  smtpPort: number;
  /** The link that makes the first owner; empty when there is one. */
  readonly setupLink: string;
  /** All that it wrote so far. */
  output: () => string;
  stop: () => Promise<void>;
  /** Stops as a power loss does, and starts again on the same data. */
  restart: () => Promise<Program>;
}

/** A port of the loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Starts the program and waits until it answers. Of invented conversations there are as many as seeded says. */
export async function startProgram(env: Record<string, string> = {}, seeded = 0): Promise<Program> {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run make build, or name it in DESKBELL_BIN.`);
  const data = await mkdtemp(join(tmpdir(), 'deskbell-e2e-'));
  if (seeded) await promisify(execFile)(binary, ['bench', 'seed', '--data', data, '--conversations', String(seeded)], { env: { PATH: process.env.PATH, HOME: data, ...env } });
  const program = await onFreePorts(data, env);
  // The link is printed a moment after the first answer.
  for (let tries = 0; !program.setupLink && tries < 600; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  return program;
}

// What was free a moment ago may be taken by now, by another journey or as the other port.
async function onFreePorts(data: string, env: Record<string, string>): Promise<Program> {
  for (let left = 3; ; left--) {
    try {
      return await run(data, await freePort(), await freePort(), env);
    } catch (error) {
      if (!left || !String(error).includes('Nothing can listen')) throw error;
    }
  }
}

async function run(data: string, port: number, smtpPort: number, env: Record<string, string>): Promise<Program> {
  const args = ['serve', '--data', data, '--addr', `127.0.0.1:${port}`, '--smtp-addr', `127.0.0.1:${smtpPort}`, '--no-sync', '--public-url', `http://127.0.0.1:${port}`];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: data, ...env } });
  let text = '';
  const keep = (part: Buffer) => (text += part.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url, () => text);
  return {
    url, smtpPort,
    get setupLink() {
      return /http\S+\/setup\?token=\S+(?=\s)/.exec(text)?.[0] ?? '';
    },
    output: () => text,
    stop: async () => {
      await end(child, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
    restart: async () => {
      await end(child, 'SIGKILL');
      return run(data, port, smtpPort, env);
    },
  };
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`deskbell ended at its start:\n${output()}`);
    const up = await fetch(`${url}/healthz`).then((answer) => answer.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await end(child, 'SIGKILL');
  throw new Error(`deskbell did not become ready in 30 seconds:\n${output()}`);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
}
