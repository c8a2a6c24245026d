// Reads a mail from standard input with postal-mime and writes what it found.
import PostalMime from 'postal-mime';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const mail = await PostalMime.parse(Buffer.concat(chunks));
const person = ({ name, address }) => ({ name: name ?? '', address: address ?? '' });
process.stdout.write(JSON.stringify({
  subject: mail.subject, from: person(mail.from), to: (mail.to ?? []).map(person), cc: (mail.cc ?? []).map(person), text: mail.text ?? '', html: mail.html ?? '',
  files: (mail.attachments ?? []).map((file) => ({ name: file.filename ?? '', type: file.mimeType, inline: file.disposition === 'inline', size: file.content.byteLength })),
  headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
}));
