import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ComponentProps } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { ApiProblem } from './problem';
import { faultsOf, useForm } from './useForm';

const refusal = (location: string) => new ApiProblem(422, { detail: 'That is wrong.', errors: [{ location, message: 'Taken.' }] });

function Input({ label, error, ...rest }: ComponentProps<'input'> & { label: string; error?: string }) {
  return <label>{label}<input aria-label={label} {...rest} aria-invalid={error ? true : undefined} /><em>{error}</em></label>;
}

function Example({ save }: { save: (values: { name: string; port: string }) => Promise<unknown> }) {
  const form = useForm({ name: '', port: '993' }, { save, check: ({ name }) => ({ name: name ? undefined : 'Missing.' }) });
  return (
    <form {...form.props}>
      {form.fault && <p role="alert">{form.fault}</p>}
      <Input label="Port" {...form.text('port')} />
      <Input label="Name" {...form.text('name')} />
      <button>Save</button>
      <output>{form.dirty ? 'dirty' : 'clean'}</output>
    </form>
  );
}

const name = () => screen.getByLabelText<HTMLInputElement>('Name');
const type = (text: string) => fireEvent.change(name(), { target: { value: text } });
const send = () => fireEvent.click(screen.getByText('Save'));

describe('a form', () => {
  test('says what is missing at the field, focuses it and does not ask the server', async () => {
    const save = vi.fn();
    render(<Example save={save} />);
    expect(screen.queryByText('Missing.')).toBeNull();
    send();
    await screen.findByText('Missing.');
    expect(document.activeElement).toBe(name());
    expect(save).not.toHaveBeenCalled();
  });

  test('puts the server’s sentence under the field that it names, until that field changes', async () => {
    render(<Example save={() => Promise.reject(refusal('body.name'))} />);
    type('shop');
    send();
    await screen.findByText('Taken.');
    await waitFor(() => expect(document.activeElement).toBe(name()));
    expect(screen.queryByRole('alert')).toBeNull();
    type('shop 2');
    expect(screen.queryByText('Taken.')).toBeNull();
  });

  test('keeps what was typed and shows the cause when no field is to blame', async () => {
    render(<Example save={() => Promise.reject(refusal('body.brand_id'))} />);
    type('shop');
    send();
    expect((await screen.findByRole('alert')).textContent).toBe('That is wrong.');
    expect(name().value).toBe('shop');
  });

  test('is dirty only while something differs, and clean after it is saved', async () => {
    render(<Example save={() => Promise.resolve()} />);
    type('shop');
    expect(screen.getByText('dirty')).toBeTruthy();
    type('');
    expect(screen.getByText('clean')).toBeTruthy();
    type('shop');
    send();
    await screen.findByText('clean');
  });

  test('finds the field of a fault inside a list', () => {
    expect(faultsOf(refusal('body.imap.folders[2]'))).toEqual({ 'imap.folders': 'Taken.' });
  });
});
