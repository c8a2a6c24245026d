import { describe, expect, test } from 'vitest';
import type { ConversationItem, Message } from '@/api/types';
import { joinNewest } from '@/api/messages';
import { t } from '@/lib/i18n';
import { changed, inverse } from './actions';
import { speaksOfFile } from './attachmentWords';
import { eventWords } from './eventWords';
import { mailDocument } from './mailDocument';
import { plainHtml } from './plainHtml';
import { addTo, readAddresses, recipientsOf } from './recipients';
import { missingIn } from './savedReply';
import { snoozeChoices, withinHours } from './snooze';
import { entriesOf } from './thread';

function message(id: number, more: object = {}): Message {
  return {
    id, kind: 'inbound', conversation_id: 1, author: { type: 'customer', id: 5, name: 'Hannah' }, to: [], cc: [], bcc: [], subject: '', text: '', html: '',
    full: false, attachments: [], created_at: '2026-11-19T18:00:00Z', automatic: false, unverified_sender: false, has_remote_images: false, ...more,
  } as unknown as Message;
}

const event = (name: string, data: object, author: object = { type: 'agent', id: 1, name: 'Ayşe' }) => message(1, { kind: 'event', event: { name, data }, author });
const said = (one: Message) => {
  const words = eventWords(one, { t, moment: (at) => at.slice(0, 10) });
  return words && t(words.key, words.values);
};

describe('events in words', () => {
  test.each([
    [event('status_changed', { from: 'open', to: 'closed' }), 'Ayşe closed this'],
    [event('status_changed', { to: 'open' }, { type: 'system', id: 0, name: '' }), 'Reopened'],
    [event('assigned', { from: 0, to: 2, to_name: 'Marek' }), 'Ayşe assigned this to Marek'],
    [event('assigned', { from: 0, to: 1, to_name: 'Ayşe' }), 'Ayşe took this'],
    [event('assigned', { from: 1, to: 0, to_name: '' }), 'Ayşe took the assignment away'],
    [event('tagged', { added: ['a', 'b'], removed: null }), 'Ayşe tagged this a, b'],
    [event('snoozed', { until: '2026-11-20T09:00:00Z' }), 'Ayşe snoozed this until 2026-11-20'],
    [event('bounced', { recipient: 'x@y.example', reason: 'No such user.' }), 'Not delivered to x@y.example. The mail server there said: “No such user.”'],
  ])('%#', (one, words) => expect(said(one)).toBe(words));

  test('what a newer server says is passed over', () => {
    expect(said(event('teleported', {}))).toBeUndefined();
    expect(said(event('status_changed', { to: 'frozen' }))).toBeUndefined();
  });
});

describe('the thread', () => {
  test('messages of one sender in a row are one group', () => {
    const entries = entriesOf([message(1), message(2), message(3, { kind: 'note', author: { type: 'agent', id: 1, name: 'Ayşe' } }), message(4)]);
    expect(entries.map((entry) => entry.follows)).toEqual([false, true, false, false]);
  });

  test('that a reply waits for the customer needs no line of its own', () => {
    const agent = { type: 'agent', id: 1, name: 'Ayşe' };
    const waits = (id: number) => message(id, { kind: 'event', author: agent, event: { name: 'status_changed', data: { to: 'pending' } } });
    expect(entriesOf([message(1), message(2, { kind: 'outbound', author: agent }), waits(3)])).toHaveLength(2);
    expect(entriesOf([message(1), waits(3)])).toHaveLength(2);
  });

  test('the newest page joins what is shown, and what was taken back is gone', () => {
    const shown = { items: [message(1), message(2), message(3), message(9)], older: 'c' };
    expect(joinNewest(shown, { items: [message(3), message(4)], older: 'd' })).toEqual({ items: [message(1), message(2), message(3), message(4)], older: 'c' });
    expect(joinNewest(shown, { items: [message(20)], older: 'd' }).items).toHaveLength(1);
  });
});

describe('actions', () => {
  const item = { id: 1, status: 'open', priority: 'low', assignee_id: null, assignee: null, team_id: 3, tags: [{ id: 1, name: 'a', color: 'red' }] } as unknown as ConversationItem;
  const names = { agent: () => 'Marek', tag: (name: string) => ({ id: -1, name, color: 'grey' as const }) };

  test('show at once and know their way back', () => {
    expect(changed(item, { assignee_id: 2 }, names)).toEqual({ assignee_id: 2, assignee: { id: 2, name: 'Marek' } });
    expect(inverse(item, { assignee_id: 2, status: 'closed' })).toEqual({ assignee_id: null, status: 'open' });
  });

  test('of tags only those that really came or went are taken back', () => {
    expect(inverse(item, { add_tags: ['a', 'b'] })).toEqual({ remove_tags: ['b'] });
    expect(inverse(item, { remove_tags: ['a', 'x'] })).toEqual({ add_tags: ['a'] });
  });
});

describe('recipients', () => {
  test('are read with names, in any number, and the rest is kept to be mended', () => {
    const { found, rest } = readAddresses('Ada <ada@a.example>, b@b.example; nobody');
    expect(found).toEqual([{ name: 'Ada', address: 'ada@a.example' }, { name: '', address: 'b@b.example' }]);
    expect(rest).toBe('nobody');
  });

  test('stand once, and are those of the conversation until somebody chooses', () => {
    expect(addTo([{ name: '', address: 'A@a.example' }], [{ name: 'Ada', address: 'a@A.example' }])).toHaveLength(1);
    const suggested = { to: [{ name: '', address: 'x@x.example' }], cc: [], unverified: [{ name: '', address: 'e@e.example' }], reply_from: '', troubled: [], senders: [], catch_all: '', language: '', shared_drafts: [] };
    expect(recipientsOf({}, suggested)).toEqual({ to: suggested.to, cc: [], bcc: [] });
    expect(recipientsOf({ to: [] }, suggested).to).toEqual([]);
  });
});

describe('mail of strangers', () => {
  test('plain writing becomes part of the page, everything else does not', () => {
    expect(plainHtml('<p>Hello <b>you</b></p><ul><li>x</li></ul>')).toBeDefined();
    expect(plainHtml('<p style="position:fixed">x</p>')).toBeUndefined();
    expect(plainHtml('<table><tr><td>x</td></tr></table>')).toBeUndefined();
    expect(plainHtml('<p onclick="x()">x</p>')).toBeUndefined();
  });

  test('a line break between paragraphs is all the space there', () => {
    const tight = plainHtml('<div>a</div><br><div>b</div><div>c</div>')!.map((node) => (node as { props: { 'data-tight'?: boolean } }).props['data-tight']);
    expect(tight).toEqual([undefined, undefined, true, undefined]);
  });

  test('pictures of strangers wait behind the policy until they are asked for', () => {
    const html = '<img data-remote-src="https://x.example/a.png">';
    expect(mailDocument(html, false)).toContain("img-src 'self' data:;");
    expect(mailDocument(html, false)).toContain('data-remote-src=');
    expect(mailDocument(html, true)).toContain('<img src="https://x.example/a.png">');
  });
});

test.each(['I attached the invoice', '資料を添付します', 'Faturayı ekte bulabilirsiniz', 'Рахунок прикріплюю'])('%s speaks of a file', (text) => {
  expect(speaksOfFile(text)).toBe(true);
});

test('a text without a file does not speak of one', () => {
  expect(speaksOfFile('We will send a new mug.')).toBe(false);
});

test.each(['customer.phone', 'business_hours.next_opening', "business_hours['open']"])('%s without a value is not sent', (name) => {
  expect(missingIn(`We are back {{${name}}}.`)).toEqual([`{{${name}}}`]);
});

test('a snooze offers only moments to come, on working hours', () => {
  const evening = new Date(2026, 10, 22, 22, 0);
  const keys = snoozeChoices(evening).map((choice) => choice.key);
  expect(keys).toEqual(['snooze.tomorrow', 'snooze.week']);
  expect(snoozeChoices(new Date(2026, 10, 18, 10, 0))[1]!.at).toEqual(new Date(2026, 10, 19, 9));
});

describe('where the shop keeps hours', () => {
  // Open from ten to six on weekdays.
  const open = (at: Date) => {
    const when = new Date(at);
    if (when.getHours() >= 18) when.setDate(when.getDate() + 1);
    if (when.getHours() < 10 || when.getHours() >= 18) when.setHours(10, 0, 0, 0);
    for (let closed = [0, 6]; closed.includes(when.getDay());) {
      when.setDate(when.getDate() + 1);
      when.setHours(10, 0, 0, 0);
    }
    return when;
  };
  const offered = (now: Date) => withinHours(snoozeChoices(now), open).map(({ key, at }) => [key, at]);

  test('a snooze ends when it is open', () => {
    expect(offered(new Date(2026, 10, 18, 11))).toEqual([
      ['snooze.later', new Date(2026, 10, 18, 14)], ['snooze.tomorrow', new Date(2026, 10, 19, 10)], ['snooze.monday', new Date(2026, 10, 23, 10)], ['snooze.week', new Date(2026, 10, 25, 10)],
    ]);
  });

  test('no day is called tomorrow that is not, and no moment offered twice', () => {
    expect(offered(new Date(2026, 10, 20, 16))).toEqual([['snooze.monday', new Date(2026, 10, 23, 10)], ['snooze.week', new Date(2026, 10, 27, 10)]]);
    expect(offered(new Date(2026, 10, 23, 12)).map(([key]) => key)).toEqual(['snooze.later', 'snooze.tomorrow', 'snooze.monday']);
  });

  test('a Monday that is closed is the week', () => {
    const moved = withinHours(snoozeChoices(new Date(2026, 10, 18, 11)), (at) => (at.getDay() === 1 ? new Date(2026, 10, 24, 10) : at));
    expect(moved.map(({ key }) => key)).toEqual(['snooze.later', 'snooze.tomorrow', 'snooze.next_week', 'snooze.week']);
  });
});
