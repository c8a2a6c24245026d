import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { keepTogether, together } from './together';

const kept = (box: HTMLElement) => [...box.querySelectorAll('span')].map((one) => one.textContent);

describe('what is read as one word stays on one line', () => {
  test.each([
    ['Where is order LL-77443, please?', ['LL-77443']],
    ['#1042-B and INV-2026-000123.', ['1042-B', 'INV-2026-000123']],
    ['Замовлення УК-15 та 112-1234567-1234567', ['УК-15', '112-1234567-1234567']],
    ['注文番号LL-77443です', ['LL-77443']],
    ['a well-known e-mail', []],
    ['550e8400-e29b-41d4-a716-446655440000', []],
    ['-- 12 -- and 20-30-', []],
  ])('%s', (text, tokens) => {
    const { container } = render(<p>{together(text)}</p>);
    expect(kept(container)).toEqual(tokens);
    expect(container.textContent).toBe(text);
  });

  test('in a mail with a layout, outside its tables', () => {
    const body = document.createElement('div');
    body.innerHTML = '<p>One LL-77443 and LL-77444</p><table><tr><td>LL-1</td></tr></table><a href="#">LL-2</a>';
    const before = body.textContent;
    keepTogether(body);
    expect(kept(body)).toEqual(['LL-77443', 'LL-77444', 'LL-2']);
    expect(body.textContent).toBe(before);
  });
});
