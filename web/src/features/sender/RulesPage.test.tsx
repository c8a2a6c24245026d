import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import type { Rule, Tried } from './queries';
import { RulesPage } from './RulesPage';

const shopify: Rule = {
  id: 1, name: 'Shopify', ready: 'shopify', enabled: true, senders: ['*@shopify.com'], subject: '', sources: ['reply_to', 'form'], mail_labels: ['Email'], name_labels: ['Name'], version: 3,
};
const form: Rule = { ...shopify, id: 2, name: 'Contact form', ready: '', senders: ['own', 'a@x.example', 'b@x.example', 'c@x.example'], sources: ['form'], enabled: false };

async function show(rules: Rule[] = [shopify, form]) {
  vi.spyOn(api, 'get').mockResolvedValue({ items: rules, next: '' });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={queries}><RulesPage /></QueryClientProvider>);
  if (rules.length) await screen.findByRole('list', { name: 'Shop notifications' });
}

const write = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const body = (spy: { mock: { calls: unknown[][] } }) => (spy.mock.calls[0]![1] as { body: unknown }).body;

describe('the customer rules', () => {
  afterEach(cleanup);

  test('say whose mail they are about and where the customer is found, in their order', async () => {
    await show();
    expect(screen.getAllByRole('listitem').map((row) => row.textContent)).toEqual([
      expect.stringContaining('*@shopify.com → Reply-To, A field in the text'),
      expect.stringContaining('your own addresses, a@x.example, b@x.example … → A field in the text'),
    ]);
    expect(screen.getAllByRole<HTMLInputElement>('switch').map(({ checked }) => checked)).toEqual([true, false]);
  });

  test('are switched and moved up', async () => {
    await show();
    const patched = vi.spyOn(api, 'patch').mockResolvedValue(shopify);
    const posted = vi.spyOn(api, 'post').mockResolvedValue(undefined);
    await userEvent.click(screen.getByRole('switch', { name: 'Use the rule Shopify' }));
    expect(patched).toHaveBeenCalledWith('/customer-rules/1', { body: { enabled: false } });
    expect(screen.getByRole('button', { name: 'Move Shopify up' })).toHaveProperty('disabled', true);
    await userEvent.click(screen.getByRole('button', { name: 'Move Contact form up' }));
    expect(posted).toHaveBeenCalledWith('/customer-rules/order', { body: { ids: [2, 1] } });
  });

  test('are deleted only after a question', async () => {
    await show();
    const removed = vi.spyOn(api, 'delete').mockResolvedValue(undefined);
    await userEvent.click(screen.getByRole('button', { name: 'Delete the rule Shopify' }));
    const asked = screen.getByRole('dialog', { name: 'Delete the rule “Shopify”?' });
    expect(removed).not.toHaveBeenCalled();
    await userEvent.click(within(asked).getByRole('button', { name: 'Delete' }));
    expect(removed).toHaveBeenCalledWith('/customer-rules/1');
  });

  test('are changed with the version that was read, and a refusal stands at its field', async () => {
    await show();
    const patched = vi.spyOn(api, 'patch').mockRejectedValue(new ApiProblem(422, { errors: [{ location: 'body.senders', message: 'This is no address.' }] }));
    await userEvent.click(screen.getByText('Shopify'));
    const dialog = screen.getByRole('dialog', { name: 'Edit rule' });
    const senders = within(dialog).getByRole('textbox', { name: /^Senders/ });
    write(senders, ' *@shop.example \n\nmailer@x.example');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(body(patched)).toMatchObject({ version: 3, senders: ['*@shop.example', 'mailer@x.example'], sources: ['reply_to', 'form'] });
    expect(await within(dialog).findByText('This is no address.')).toBeTruthy();
    expect(senders.getAttribute('aria-invalid')).toBe('true');
  });

  test('need a field of the form where they look into forms', async () => {
    await show();
    const posted = vi.spyOn(api, 'post').mockResolvedValue(form);
    await userEvent.click(screen.getByRole('button', { name: 'New rule' }));
    const dialog = screen.getByRole('dialog', { name: 'New rule' });
    write(within(dialog).getByRole('textbox', { name: /^Name of the rule/ }), 'My form');
    write(within(dialog).getByRole('textbox', { name: /^Senders/ }), 'own');
    await userEvent.click(within(dialog).getByRole('checkbox', { name: /^A field in the text/ }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create rule' }));
    expect(posted).not.toHaveBeenCalled();
    write(within(dialog).getByRole('textbox', { name: /^Field with the address/ }), 'Your e-mail');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create rule' }));
    expect(body(posted)).toEqual({ name: 'My form', senders: ['own'], subject: '', sources: ['reply_to', 'form'], mail_labels: ['Your e-mail'], name_labels: [] });
  });

  test('are tried on a mail, and nothing is stored', async () => {
    await show();
    const answer: Partial<Tried> = { from: { name: '', address: 'mailer@shopify.com' }, customer: { name: 'Eva', address: 'eva@x.example' }, rule_name: 'Shopify', source: 'reply_to', automatic: false, text: 'Where is it?' };
    const posted = vi.spyOn(api, 'post').mockResolvedValue(answer);
    write(screen.getByRole('textbox', { name: /Source of a mail/ }), 'From: mailer@shopify.com');
    await userEvent.click(screen.getByRole('button', { name: 'Try' }));
    expect(posted).toHaveBeenCalledWith('/customer-rules/try', { body: { raw: 'From: mailer@shopify.com' } });
    const said = await screen.findByRole('status');
    expect(said.textContent).toContain('Eva <eva@x.example>');
    expect(said.textContent).toContain('Shopify: Reply-To');
    expect(said.textContent).toContain('A customer’s mail');
  });

  test('say what holds while there are none', async () => {
    await show([]);
    expect(await screen.findByText('Every mail belongs to whoever stands in From.')).toBeTruthy();
  });
});
