import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { setLocale } from '@/lib/i18n';
import { findEmoji } from './allEmoji';
import Editor, { type EditorProps } from './Editor';
import { emojiFor } from './emoji';
import { tightCells } from './table';

afterEach(cleanup);

function show(more: Partial<EditorProps> = {}) {
  const onChange = vi.fn<EditorProps['onChange']>();
  render(<Editor html="<p>See: </p>" formats people={[]} label="Reply" placeholder="" onChange={onChange} onFiles={() => undefined} onEscape={() => undefined} {...more} />);
  return { html: () => onChange.mock.lastCall?.[0] ?? '', text: () => onChange.mock.lastCall?.[1] };
}

const pick = async (role: string, name: string) => userEvent.click(await screen.findByRole(role, { name }));

test('a table is filled in, grows by a row and a column, and is deleted', async () => {
  const { html, text } = show();
  await pick('button', 'Table');
  await vi.waitFor(() => expect(html().match(/<th/g)).toHaveLength(3));
  expect(text()).toMatch(/^See:\s+\| {2}\| \n/);
  await pick('button', 'Table');
  await pick('menuitem', 'Add a row below');
  await vi.waitFor(() => expect(html().match(/<tr/g)).toHaveLength(4));
  await pick('button', 'Table');
  await pick('menuitem', 'Add a column');
  await vi.waitFor(() => expect(html().match(/<th/g)).toHaveLength(4));
  await pick('button', 'Table');
  await pick('menuitem', 'Delete the table');
  await vi.waitFor(() => expect(html()).not.toContain('<table'));
});

test('words alone in a cell need no paragraph, several keep theirs', () => {
  expect(tightCells('<tr><td colspan="1"><p>a <b>b</b></p></td><th><p></p></th><td><p>c</p><p>d</p></td></tr>'))
    .toBe('<tr><td colspan="1">a <b>b</b></td><th></th><td><p>c</p><p>d</p></td></tr>');
});

test('an emoji is put where the caret is', async () => {
  const { html } = show();
  await pick('button', 'Emoji');
  await pick('button', 'parcel box');
  expect(html()).toContain('📦');
});

test('an emoji that is not among the usual ones is found by its name and put in with Enter', async () => {
  const { html } = show();
  await pick('button', 'Emoji');
  await userEvent.type(await screen.findByRole('textbox', { name: 'Find an emoji' }), 'hedgehog{Enter}');
  await vi.waitFor(() => expect(html()).toContain('🦔'));
});

test.each([
  ['en', 'hedgehog', '🦔'], ['en', 'thumbs up', '👍'], ['en', 'flag japan', '🇯🇵'], ['tr', 'kirpi', '🦔'], ['tr', 'hedgehog', '🦔'], ['uk', 'їжак', '🦔'], ['ja', 'ネズミ', '🦔'],
] as const)('in %s %s finds %s among all', async (locale, query, sign) => {
  await setLocale(locale);
  const found = await findEmoji(query);
  await setLocale('en');
  expect(found.map(({ id }) => id)).toContain(sign);
  expect(found.length).toBe(new Set(found.map(({ id }) => id)).size);
});

test('what is usual comes first', async () => {
  const [first] = await findEmoji('parcel');
  expect(first!.id).toBe('📦');
});

test.each([['parc', '📦'], ['荷物', '📦'], ['paket', '📦'], ['посил', '📦'], ['GÜLÜM', '🙂']])('%s finds %s', (query, sign) => {
  expect(emojiFor(query).map(({ id }) => id)).toContain(sign);
});

test('the spelling is checked in the language of the customer, in another one, or not at all', async () => {
  show({ language: 'tr' });
  const box = await screen.findByRole('textbox', { name: 'Reply' });
  expect([box.lang, box.getAttribute('spellcheck')]).toEqual(['tr', 'true']);
  await pick('button', 'Check the spelling in');
  await pick('menuitemradio', 'Ukrainian');
  expect(box.lang).toBe('uk');
  await pick('button', 'Check the spelling in');
  await pick('menuitemradio', 'Do not check');
  expect(box.getAttribute('spellcheck')).toBe('false');
});
