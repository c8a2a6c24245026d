import { createConnection, createServer, type Socket } from 'node:net';

export interface Letter {
  from: string;
  to: string;
  subject: string;
  text: string;
  /** Further header lines, such as In-Reply-To. */
  headers?: Record<string, string>;
}

let count = 0;

export function rawMail({ from, to, subject, text, headers = {} }: Letter): string {
  const word = /[^ -~]/.test(subject) ? `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=` : subject;
  const all: Record<string, string> = {
    From: from, To: to, Subject: word, Date: new Date().toUTCString(), 'Message-ID': `<e2e-${process.pid}-${++count}@customer.example>`,
    'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit', ...headers,
  };
  return `${Object.entries(all).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text.replace(/\r?\n/g, '\r\n')}\r\n`;
}

/** Hands a mail to the program's SMTP door; resolves when the program answered that it is kept. */
export async function postMail(port: number, letter: Letter): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  const lines = readLines(socket);
  const expect = async (code: string) => {
    for (;;) {
      const line = await lines();
      if (!line.startsWith(code)) throw new Error(`SMTP: ${line}`);
      if (line[3] !== '-') return;
    }
  };
  const say = async (line: string, code: string) => {
    socket.write(`${line}\r\n`);
    await expect(code);
  };
  try {
    await expect('220');
    await say('EHLO customer.example', '250');
    await say(`MAIL FROM:<${addressOf(letter.from)}>`, '250');
    await say(`RCPT TO:<${addressOf(letter.to)}>`, '250');
    await say('DATA', '354');
    await say(`${rawMail(letter).replace(/^\./gm, '..')}.`, '250');
    socket.write('QUIT\r\n');
  } finally {
    socket.end();
  }
}

const addressOf = (text: string) => /<([^>]+)>/.exec(text)?.[1] ?? text;

function readLines(socket: Socket): () => Promise<string> {
  let text = '';
  let failed: Error | undefined;
  let wake = () => {};
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    text += part;
    wake();
  });
  const fail = (error?: Error) => {
    failed = error ?? new Error('SMTP: the connection was closed');
    wake();
  };
  socket.on('error', fail);
  socket.on('close', () => fail());
  return async () => {
    for (;;) {
      const end = text.indexOf('\r\n');
      if (end >= 0) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        return line;
      }
      if (failed) throw failed;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}

/** A mail server that keeps what it takes, which is everything but mail to nobody@…: where replies end up. */
export interface Sink {
  port: number;
  /** The raw mails in the order in which they came. */
  mails: string[];
  /** Waits for the mail that holds the words. */
  waitFor: (words: string) => Promise<string>;
  close: () => Promise<void>;
}

export async function openSink(): Promise<Sink> {
  const mails: string[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    void serve(socket, (mail) => {
      mails.push(mail);
      for (const look of [...waiting]) look();
    }).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port, mails,
    waitFor: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = mails.find((mail) => mail.includes(words));
          if (!found) return;
          waiting.delete(look);
          clearTimeout(late);
          resolve(found);
        };
        const late = setTimeout(() => reject(new Error(`No mail with “${words}” came in 50 seconds.`)), 50_000);
        waiting.add(look);
        look();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function serve(socket: Socket, keep: (mail: string) => void): Promise<void> {
  const next = readLines(socket);
  socket.write('220 sink.example\r\n');
  for (;;) {
    const line = await next();
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'QUIT') return void socket.end('221 Bye\r\n');
    if (/^RCPT TO:<nobody@/i.test(line)) {
      socket.write('550 5.1.1 There is nobody of that name\r\n');
      continue;
    }
    if (verb !== 'DATA') {
      socket.write(verb === 'EHLO' ? '250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n' : '250 OK\r\n');
      continue;
    }
    socket.write('354 Go on\r\n');
    const body: string[] = [];
    for (let part = await next(); part !== '.'; part = await next()) body.push(part.replace(/^\.\./, '.'));
    keep(body.join('\r\n'));
    socket.write('250 Kept\r\n');
  }
}
