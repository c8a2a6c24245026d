import type { Conversation, Delivery, DeliveryState, Message, Status } from '../../src/api/types';
import { agents, tags } from './people.ts';

interface Seed {
  name: string;
  email: string;
  subject: string;
  preview: string;
  minutes: number;
  due: number;
  inbox?: number;
  team?: number;
  assignee?: number | null;
  unread?: boolean;
  draft?: boolean;
  status?: Status;
  tags?: number[];
  priority?: Conversation['priority'];
}

const seeds: Seed[] = [
  { name: 'Hannah Whitlock', email: 'hannah.whitlock@post.example', subject: 'One of the two mugs arrived cracked', preview: 'Hello, one of the two sage mugs has a crack from the rim down. Is there any chance of a swap before Saturday? It is a birthday present.', minutes: 18, due: 24, team: 1, assignee: 1, tags: [1, 2] },
  { name: '佐藤 美咲', email: 'misaki.sato@yubin.example', subject: '配送先の住所を変更できますか', preview: '発送前であれば、勤務先の住所に変更していただきたいです。東京都港区海岸 1-2-3 宛でお願いします。', minutes: 3, due: 4, team: 1, assignee: 1, unread: true, tags: [4], priority: 'high' },
  { name: 'Elif Kaya', email: 'elif.kaya@posta.example', subject: 'İade kargo kodu çalışmıyor', preview: 'Şubedeki görevli kodu bulamadı, ne yapmam gerekiyor?', minutes: 50, due: -12, team: 1, assignee: 1, unread: true, tags: [3, 6] },
  { name: 'Олена Ткаченко', email: 'olena.tkachenko@poshta.example', subject: 'Коли надійде ліжник у кольорі «льон»?', preview: 'Доброго дня! Бачу, що ліжника у кольорі «льон» немає. Коли чекати на нього?', minutes: 71, due: 120, assignee: 1, draft: true },
  { name: 'Tom Brannigan', email: 'tom.b@mailbox.example', subject: 'Oat throw', preview: 'Is the oat throw ever coming back in stock?', minutes: 104, due: 180, assignee: 1, unread: true },
  { name: 'Grace Okafor', email: 'grace.okafor@post.example', subject: 'I paid twice for one order', preview: 'My bank shows two payments of £58.00 for LL-10466. Please return one of them.', minutes: 122, due: 42, assignee: 1, unread: true, priority: 'urgent' },
  { name: 'Mert Yıldırım', email: 'mert@minato.example', subject: 'Fatura adresi hatalı', preview: 'Şirket unvanını düzeltip yeni fatura gönderebilir misiniz?', minutes: 210, due: 300, assignee: 1, tags: [5] },
  { name: 'Ірина Мельник', email: 'iryna.melnyk@poshta.example', subject: 'Посилка стоїть у відділенні шість днів', preview: 'Трекінг не змінюється з минулої середи. Чи можете ви запитати перевізника?', minutes: 235, due: 400, team: 1, assignee: 2, tags: [6] },
  { name: '高橋 健', email: 'ken.takahashi@yubin.example', subject: '領収書の宛名について', preview: '宛名を「株式会社ミナト」に変更してください。', minutes: 337, due: 1500, assignee: 3, tags: [5] },
  { name: 'Sofia Lindqvist', email: 'sofia.l@brev.example', subject: 'The sand duvet looks brown', preview: 'The duvet itself is lovely but “sand” is closer to brown. Can I return it unused?', minutes: 440, due: 1600, assignee: null, tags: [3] },
  { name: 'Jonas Weber', email: 'jonas@hotel-see.example', subject: 'Wholesale price for 40 duvet sets', preview: 'We are a hotel with 40 rooms. Which price could you offer for sizes above 240 cm?', minutes: 1500, due: 1700, inbox: 2, team: 2, assignee: null },
  { name: 'Burcu Şahin', email: 'burcu@posta.example', subject: 'Vazo kırık geldi', preview: 'Kargo kutusu ezilmişti, içindeki vazo da kırılmış.', minutes: 2900, due: 2000, assignee: null, unread: true, tags: [1] },
  { name: '伊藤 翔', email: 'sho.ito@yubin.example', subject: 'マグカップの取っ手が割れていました', preview: '昨日届いたマグカップの取っ手が割れていました。交換は可能でしょうか。', minutes: 4300, due: 2500, assignee: 1, status: 'pending', tags: [1] },
  { name: 'Petter Snødal', email: 'petter@brev.example', subject: 'Customs form for Norway', preview: 'The carrier asks for a customs form. Which value shall I write?', minutes: 5000, due: 2500, assignee: 1, status: 'snoozed' },
  { name: 'Marta Snow', email: 'marta@post.example', subject: 'Gift wrap for two orders', preview: 'Thank you, that was quick.', minutes: 9000, due: 0, assignee: 1, status: 'closed' },
  { name: 'Prize Office', email: 'win@lottery.example', subject: 'You were chosen', preview: 'Click to collect.', minutes: 300, due: 0, assignee: null, status: 'spam' },
];

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const conversations: Conversation[] = seeds.map((seed, index) => {
  const status = seed.status ?? 'open';
  const assignee = agents.find((agent) => agent.id === seed.assignee);
  return {
    id: index + 1, number: 10_400 + index, subject: seed.subject, preview: seed.preview, status, channel: 'email',
    inbox_id: seed.inbox ?? 1, brand_id: 1, customer: { id: index + 1, name: seed.name, email: seed.email },
    assignee_id: seed.assignee ?? null, assignee: assignee ? { id: assignee.id, name: assignee.name } : null,
    team_id: seed.team ?? null, tags: tags.filter((tag) => seed.tags?.includes(tag.id)), priority: seed.priority ?? 'normal',
    unread: seed.unread ?? false, draft: seed.draft ?? false, draft_preview: seed.draft ? 'Доброго дня, пані Олено!' : '', last_message_id: (index + 1) * 100 + 1, last_activity_at: ago(seed.minutes),
    waiting_since: status === 'open' ? ago(seed.minutes) : null, due_at: status === 'open' ? ago(-seed.due) : null,
    snoozed_until: status === 'snoozed' ? ago(-900) : null, snooze_again: null, version: 1, merged_into_id: null,
    created_at: ago(seed.minutes), team: null, participants: 0, following: false, custom_fields: {}, legal_hold: false, links: [],
  };
});

export function deliveryOf(state: DeliveryState, ...addresses: string[]): Delivery {
  return { state, error: '', maybe_twice: false, recipients: addresses.map((address) => ({ address, state, error: '' })) };
}

export function newMessage(id: number, conversation_id: number, more: Partial<Message>): Message {
  return {
    id, conversation_id, origin_conversation_id: conversation_id, kind: 'inbound', author: { type: 'customer', id: 0, name: '' }, to: [], cc: [], bcc: [], subject: '', text: '',
    html: '', full: false, attachments: [], created_at: new Date().toISOString(), automatic: false, bounce: false,
    undo_until: null, delivery: null, rfc_id: '', unverified_sender: false, has_remote_images: false, elsewhere: false, from: '', ...more,
  };
}

export const paragraphs = (text: string) => text.split('\n').map((line) => `<p>${line.replace(/[<&]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))}</p>`).join('');

const firstMessages = conversations.map((conversation) => {
  const { id, customer, subject, preview, last_activity_at } = conversation;
  return newMessage(id * 100 + 1, id, {
    author: { type: 'customer', id: customer.id, name: customer.name, address: customer.email },
    to: [{ address: 'support@lindenandloom.example', name: 'Linden & Loom' }], subject, text: preview, html: paragraphs(preview),
    created_at: last_activity_at, full: id % 3 === 0,
  });
});

const thread: Message[] = [
  newMessage(102, 1, { kind: 'event', author: { type: 'agent', id: 2, name: 'Marek Novák' }, created_at: ago(16), event: { name: 'assigned', data: { to: 1, names: { 1: 'Ayşe Demir' } } } }),
  newMessage(103, 1, {
    kind: 'outbound', author: { type: 'agent', id: 1, name: 'Ayşe Demir' }, created_at: ago(13),
    text: 'Hi Hannah, I am sorry about the mug. I have set a new one aside. Is the address on Redland Road still right?',
    html: '<p>Hi Hannah, I am sorry about the mug. I have set a new one aside. Is the address on Redland Road still right?</p>',
    delivery: deliveryOf('sent', 'hannah.whitlock@post.example'),
  }),
  newMessage(104, 1, {
    kind: 'note', author: { type: 'agent', id: 2, name: 'Marek Novák' }, created_at: ago(7),
    text: '@Ayşe batch 0911 had thin rims. Send from 1014, policy covers it up to £40.',
    html: '<p><span data-mention="1">@Ayşe</span> batch 0911 had thin rims. Send from 1014, policy covers it up to £40.</p>',
  }),
];

export const messages: Message[] = [...firstMessages, ...thread];
