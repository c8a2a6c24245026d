/** The first field of this name, unfolded, UTF-8 words decoded; empty when there is none. */
export function headerOf(raw: string, name: string): string {
  const head = raw.split(/\r?\n\r?\n/, 1)[0]!.replace(/\r?\n(?=[ \t])/g, '');
  const field = new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1] ?? '';
  return field.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, kind: string, words: string) =>
    (kind.toLowerCase() === 'b' ? Buffer.from(words, 'base64') : unquoted(words.replaceAll('_', ' '))).toString('utf8')).trim();
}

/** What the text/plain part of a mail says. */
export function textOf(raw: string): string {
  const type = Math.max(raw.search(/^content-type:\s*text\/plain/im), 0);
  const boundary = raw.lastIndexOf('\n--', type);
  const part = boundary < 0 ? raw : raw.slice(raw.indexOf('\n', boundary + 1) + 1);
  const body = part.slice(part.search(/\r?\n\r?\n/)).trimStart().split(/\r?\n--/, 1)[0]!;
  switch (headerOf(part, 'Content-Transfer-Encoding').toLowerCase()) {
    case 'quoted-printable': return unquoted(body).toString('utf8');
    case 'base64': return Buffer.from(body, 'base64').toString('utf8');
    default: return body;
  }
}

function unquoted(text: string): Buffer {
  const bytes = text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

/** The header lines with which a mail program answers this mail. */
export function answerTo(raw: string): Record<string, string> {
  const id = headerOf(raw, 'Message-ID');
  return { 'In-Reply-To': id, References: `${headerOf(raw, 'References')} ${id}`.trim() };
}
