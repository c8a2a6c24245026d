import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import Editor, { type EditorProps } from './Editor';
import { linkTo } from './mailButton';

afterEach(cleanup);

function show(html: string) {
  const onChange = vi.fn<EditorProps['onChange']>();
  render(<Editor html={html} formats people={[]} label="Reply" placeholder="" onChange={onChange} onFiles={() => undefined} onEscape={() => undefined} />);
  return { written: () => onChange.mock.lastCall?.[0] ?? '', words: () => onChange.mock.lastCall?.[1] };
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

test('a button is put into the text with its words and where it leads', async () => {
  const { written, words } = show('<p>How was it?</p>');
  await userEvent.click(await screen.findByRole('button', { name: 'Button' }));
  await userEvent.selectOptions(field('Leads to'), 'survey');
  expect(field('Words on it').value).toBe('Rate our help');
  await userEvent.click(screen.getByRole('button', { name: 'Insert' }));
  expect(screen.getByText(/Give an address/)).toBeTruthy();
  fireEvent.change(field('Address it leads to'), { target: { value: 'shop.example/rate' } });
  await userEvent.click(screen.getByRole('button', { name: 'Insert' }));
  expect(written()).toMatch(/<td bgcolor="#3346b3"[^>]*><a href="https:\/\/shop\.example\/rate"[^>]*>Rate our help<\/a>/);
  expect(words()).toContain('Rate our help <https://shop.example/rate>');
});

test('a button that was kept is a button again, and another table stays a table', async () => {
  const { written } = show('<table><tbody><tr><td bgcolor="#3346b3"><a href="https://shop.example" rel="nofollow">Open</a></td></tr></tbody></table><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table><p>x</p>');
  await userEvent.type(await screen.findByRole('textbox', { name: 'Reply' }), 'y');
  expect(written().match(/<table[^>]*>/g)).toEqual(['<table cellpadding="0" cellspacing="0" border="0">', expect.stringContaining('border="1"')]);
  expect(written()).toContain('href="https://shop.example"');
});

test('variables are no addresses', async () => {
  const { written } = show('<p></p>');
  await userEvent.type(await screen.findByRole('textbox', { name: 'Reply' }), '{{}{{} agent.name }}');
  expect(written()).not.toContain('</a>');
});

test('variables stand out, also where a format begins in one', async () => {
  show('<p>Dear {{ customer.<b>name</b> }} and {{agent.name}}</p>');
  const box = await screen.findByRole('textbox', { name: 'Reply' });
  const marked = [...box.querySelectorAll('[class*=variable]')].map((one) => one.textContent).join('|');
  expect(marked).toBe('{{ customer.|name| }}|{{agent.name}}');
});

test.each([
  ['shop.example/help', 'https://shop.example/help'], ['https://shop.example/?n={{ conversation.number }}', 'https://shop.example/?n={{ conversation.number }}'],
  ['help@shop.example', 'mailto:help@shop.example'], ['tel:+4420', 'tel:+4420'],
  ['javascript:alert(1)', undefined], ['data:text/html,x', undefined], ['nowhere', undefined], ['', undefined],
])('%s leads to %s', (typed, href) => expect(linkTo(typed)).toBe(href));
