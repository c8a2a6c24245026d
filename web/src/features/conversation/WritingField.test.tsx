import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { loadEditor, WritingField } from './WritingField';

afterEach(cleanup);

function Field() {
  const [html, setHtml] = useState('');
  return (
    <WritingField
      html={html} formats={false} people={[]} label="Reply" placeholder="" onChange={setHtml} onFiles={() => undefined} onEscape={() => undefined}
    />
  );
}

test('the rich field takes over text, caret and focus before another key can come', async () => {
  render(<Field />);
  const plain = screen.getByRole('textbox');
  await userEvent.type(plain, 'It left ');
  let focused: Element | null = null;
  const replaced = new Promise<void>((resolve) => {
    // Told as soon as the running script is over, which is earlier than any key.
    new MutationObserver(() => {
      if (plain.isConnected) return;
      focused ??= document.activeElement;
      resolve();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await act(async () => {
    await loadEditor();
    await replaced;
  });
  expect(screen.getByRole('textbox').textContent).toBe('It left ');
  expect(focused).toBe(screen.getByRole('textbox'));
});

test('what was written is taken over also where nobody hands it back', async () => {
  render(<WritingField html="" formats={false} people={[]} label="Reply" placeholder="" patient onChange={() => undefined} onFiles={() => undefined} onEscape={() => undefined} />);
  const plain = screen.getByRole<HTMLTextAreaElement>('textbox');
  expect(plain.tagName).toBe('TEXTAREA');
  await userEvent.type(plain, 'Where does it wait?');
  await waitFor(() => expect(plain.isConnected).toBe(false), { timeout: 5000 });
  expect(screen.getByRole('textbox').textContent).toBe('Where does it wait?');
});
