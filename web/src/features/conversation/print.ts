import { api } from '@/api/client';
import type { Item } from '@/api/schema';
import type { ConversationItem, Id, Message, Page } from '@/api/types';
import { fullTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import type { Translate } from '@/lib/i18n';

interface Options {
  /** With internal notes, side conversations and tasks. */
  notes: boolean;
  t: Translate;
}

type Side = Item<'/conversations/{id}/side-conversations'>;
type Task = Item<'/conversations/{id}/tasks'>;

/** What the shop has for itself beside its notes. */
interface Inside {
  sides: { side: Side; messages: readonly Message[] }[];
  tasks: readonly Task[];
}

const nothing: Inside = { sides: [], tasks: [] };

async function everything(of: string): Promise<Message[]> {
  const out: Message[] = [];
  let cursor = '';
  do {
    const page: Page<Message> = await api.get(`${of}/messages`, { query: { order: 'asc', limit: 100, cursor } });
    out.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return out;
}

async function inside(id: Id): Promise<Inside> {
  const [sides, tasks] = await Promise.all([
    api.get<Page<Side>>(`/conversations/${id}/side-conversations`), api.get<Page<Task>>(`/conversations/${id}/tasks`),
  ]);
  const out: Inside = { sides: [], tasks: tasks.items };
  for (const side of sides.items.toReversed()) out.sides.push({ side, messages: await everything(`/side-conversations/${side.id}`) });
  return out;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign]!);
const person = (one: { name: string; address?: string }) => escape(one.name && one.address ? `${one.name} <${one.address}>` : one.name || one.address || '');

const style = 'html{background:#fff;color-scheme:light}body{margin:0;font:11pt/1.45 "Inter Variable",Inter,system-ui,sans-serif;color:#1a1916}'
  + 'h2{margin:14pt 0 0;font-size:12pt}h1{margin:0 0 4pt;font-size:16pt;line-height:1.25}header{padding-bottom:8pt;border-bottom:1pt solid #1a1916}p{margin:0}.quiet{color:#57534b;font-size:9pt}'
  + 'article{padding:10pt 0;border-bottom:.5pt solid #d8d4cc}article>p{break-after:avoid}.note{padding-inline:8pt;background:#fff5d6;print-color-adjust:exact}'
  + '.words{position:relative;margin-top:6pt;overflow:hidden;overflow-wrap:anywhere}.plain{white-space:pre-wrap}.words img{max-width:100%;height:auto}.words img:not([src]){display:none}'
  + 'ul{margin:6pt 0 0;padding-inline-start:14pt;font-size:9pt}@page{margin:16mm}';

function article(message: Message, t: Translate): string {
  const to = [...message.to, ...message.cc].map(person).join(', ');
  const words = message.html ? `<div class="words" dir="auto">${message.html}</div>` : `<div class="words plain" dir="auto">${escape(message.text)}</div>`;
  const files = message.attachments.filter((file) => !file.inline).map((file) => `<li>${escape(file.name)} (${fileSize(file.size)})</li>`).join('');
  return `<article class="${message.kind}"><p><strong>${person(message.author)}</strong> <span class="quiet">${escape(fullTime(message.created_at))}</span></p>`
    + `<p class="quiet">${message.kind === 'note' ? escape(t('print.note')) : to && `${escape(t('print.to'))} ${to}`}</p>${words}${files && `<ul>${files}</ul>`}</article>`;
}

/** The whole conversation on paper: who, when, the words and the names of the files. */
export function printDocument(conversation: ConversationItem, messages: readonly Message[], { notes, t }: Options, { sides, tasks } = nothing): string {
  const shown = messages.filter((message) => message.kind === 'inbound' || message.kind === 'outbound' || (notes && message.kind === 'note'));
  const subject = escape(conversation.subject || t('row.no_subject'));
  const customer = person({ name: conversation.customer.name, address: conversation.customer.email });
  return `<!doctype html><html lang="${document.documentElement.lang}" dir="${document.documentElement.dir}"><head><meta charset="utf-8"><title>${subject} #${conversation.number}</title>`
    + '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src \'self\' data:; style-src \'unsafe-inline\'; form-action \'none\'; base-uri \'none\'">'
    + `<meta name="referrer" content="no-referrer"><style>${style}</style></head><body><header><h1 dir="auto">${subject}</h1>`
    + `<p>${customer}</p><p class="quiet">#${conversation.number} · ${escape(t(`status.${conversation.status}`))} · ${escape(t('print.at', { time: fullTime(new Date()) }))}</p></header>`
    + shown.map((message) => article(message, t)).join('')
    + sides.map(({ side, messages: said }) => `<section><h2 dir="auto">${escape(t('print.side', { subject: side.subject }))}</h2>${said.map((message) => article(message, t)).join('')}</section>`).join('')
    + (tasks.length ? `<section><h2>${escape(t('tasks.title'))}</h2><ul>${tasks.map((task) => `<li dir="auto">${task.done_at ? '☑' : '☐'} ${escape(task.text)}</li>`).join('')}</ul></section>` : '')
    + '</body></html>';
}

/** Opens the browser's own dialog for paper, where it can also be kept as a PDF. */
export async function printConversation(conversation: ConversationItem, options: Options): Promise<void> {
  const page = printDocument(conversation, await everything(`/conversations/${conversation.id}`), options, options.notes ? await inside(conversation.id) : nothing);
  document.getElementById('print-frame')?.remove();
  const frame = document.createElement('iframe');
  frame.id = 'print-frame';
  frame.title = options.t('cmd.print');
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.style.cssText = 'position:fixed;inset-inline-start:-10000px;width:800px;height:600px;border:0';
  frame.srcdoc = page;
  await new Promise((resolve) => {
    frame.onload = resolve;
    document.body.append(frame);
  });
  await Promise.all([...(frame.contentDocument?.images ?? [])].map((image) => image.decode().catch(() => undefined)));
  frame.contentWindow?.print();
}
