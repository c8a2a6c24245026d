import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { rawMail, type Letter } from './mail.ts';
import { headerOf } from './received.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Mailbox {
  address: string;
  password: string;
}

/** A mail as a mailbox holds it. */
export interface Kept {
  uid: number;
  seen: boolean;
  raw: string;
}

interface Introduction {
  imap: string;
  smtp: string;
  users: Record<'support' | 'customer' | 'quiet' | 'old', Mailbox>;
  ghost: string;
  missing?: string;
}

type Server = 'postfix' | 'dovecot';

/** A real Dovecot and a real Postfix of our own: internal/testbed/cmd/mail-servers. */
export interface MailServers extends Introduction {
  start: (server: Server) => Promise<void>;
  stop: (server: Server) => Promise<void>;
  /** Posts a letter through Postfix; answers its bytes. */
  post: (letter: Letter) => Promise<string>;
  /** Puts mails into a folder by IMAP, as if they had come then. */
  append: (address: string, folder: string, at: Date, raws: string[]) => Promise<void>;
  /** All mails of a folder, fetched by IMAP. */
  mails: (address: string, folder?: string) => Promise<Kept[]>;
  /** Waits for the mail that holds the words. */
  arrival: (address: string, words: string, folder?: string) => Promise<Kept>;
  close: () => Promise<void>;
}

/** Starts the servers. Answers undefined where they are not installed and need not be. */
export async function startMailServers(): Promise<MailServers | undefined> {
  const ask = conversationWith(build());
  const first = (await ask.next()) as unknown as Introduction;
  if (first.missing) {
    console.warn(first.missing);
    return undefined;
  }
  const mails = async (address: string, folder = 'INBOX') => {
    const answer = (await ask.order({ do: 'mails', address, folder })) as { mails: Kept[] };
    return answer.mails;
  };
  return {
    ...first,
    start: async (server) => void (await ask.order({ do: 'start', server })),
    stop: async (server) => void (await ask.order({ do: 'stop', server })),
    post: async (letter) => {
      const raw = rawMail(letter);
      await ask.order({ do: 'send', from: addressOf(letter.from), to: [addressOf(letter.to)], raw });
      return raw;
    },
    append: async (address, folder, at, raws) => void (await ask.order({ do: 'append', address, folder, at: at.toISOString(), raws })),
    mails,
    arrival: (address, words, folder) => vi.waitFor(async () => {
      const all = await mails(address, folder);
      const found = all.find(({ raw }) => raw.includes(words));
      if (!found) throw new Error(`None of these mails of ${address} holds “${words}”: ${all.map(({ raw }) => headerOf(raw, 'Subject')).join(' | ')}`);
      return found;
    }, { timeout: 30_000, interval: 150 }),
    close: ask.end,
  };
}

const addressOf = (text: string) => /<([^>]+)>/.exec(text)?.[1] ?? text;

function build(): string {
  const program = `${root}.cache/bin/mail-servers`;
  mkdirSync(`${root}.cache/bin`, { recursive: true });
  execFileSync('go', ['build', '-buildvcs=false', '-o', program, './internal/testbed/cmd/mail-servers'], { cwd: root, stdio: 'inherit' });
  return program;
}

// One order, one answer, in the same sequence.
function conversationWith(program: string) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The mail servers ended.');
    const answer = JSON.parse(value as string) as { error?: string };
    if (answer.error) throw new Error(answer.error);
    return answer as unknown;
  };
  let last: Promise<unknown> = Promise.resolve();
  const order = (what: { do: string } & Record<string, unknown>) => {
    last = last.catch(() => undefined).then(() => {
      child.stdin.write(`${JSON.stringify(what)}\n`);
      return next();
    });
    return last;
  };
  const end = async () => {
    child.stdin.end();
    await ended;
  };
  return { next, order, end };
}
