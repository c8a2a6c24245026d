import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { ComboboxPopover } from './Combobox';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Input } from './Field';
import { Menu } from './Menu';

function WithMenu({ run }: { run: () => void }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} onClick={() => setOpen(true)}>More</Button>
      {open && (
        <Menu
          anchor={anchor} label="More" onClose={() => setOpen(false)}
          items={[{ label: 'Reply', run: () => {} }, { label: 'Spam', run }]}
        />
      )}
    </>
  );
}

describe('the kit', () => {
  test('a menu is walked by arrows and letters and gives the focus back', async () => {
    const user = userEvent.setup();
    const run = vi.fn();
    render(<WithMenu run={run} />);
    await user.click(screen.getByText('More'));
    expect(document.activeElement?.textContent).toBe('Reply');
    await user.keyboard('s');
    expect(document.activeElement?.textContent).toBe('Spam');
    await user.keyboard('{Enter}');
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement?.textContent).toBe('More');
  });

  test('escape closes a menu and nothing else', async () => {
    const user = userEvent.setup();
    const page = vi.fn();
    window.addEventListener('keydown', page);
    render(<WithMenu run={() => {}} />);
    await user.click(screen.getByText('More'));
    await user.keyboard('{Escape}');
    window.removeEventListener('keydown', page);
    expect(screen.queryByRole('menu')).toBeNull();
    expect(page).not.toHaveBeenCalled();
  });

  test('a combobox filters, names the active option and chooses with enter', async () => {
    const user = userEvent.setup();
    const choose = vi.fn();
    function Assign() {
      const anchor = useRef<HTMLButtonElement>(null);
      const choices = [{ value: 1, label: 'Ayşe Demir' }, { value: 2, label: 'Marek Novák' }];
      return (
        <>
          <button ref={anchor}>x</button>
          <ComboboxPopover anchor={anchor} label="Assign" choices={choices} onChoose={choose} onClose={() => {}} />
        </>
      );
    }
    render(<Assign />);
    await user.type(screen.getByRole('combobox'), 'novak');
    const options = screen.getAllByRole('option');
    expect(options).toHaveLength(1);
    expect(screen.getByRole('combobox').getAttribute('aria-activedescendant')).toBe(options[0]!.id);
    await user.keyboard('{Enter}');
    expect(choose).toHaveBeenCalledWith(2);
  });

  test('a dialog begins with its first field, closes on escape and gives the focus back', () => {
    const close = vi.fn();
    const { unmount } = render(<button>before</button>);
    screen.getByText('before').focus();
    const dialog = render(<Dialog title="New team" onClose={close}><Input label="Name" /></Dialog>);
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'Escape' });
    expect(close).toHaveBeenCalledTimes(1);
    dialog.unmount();
    expect(document.activeElement?.textContent).toBe('before');
    unmount();
  });

  test('the fault of a field is read with it', () => {
    render(<Input label="Port" error="Use a number." help="Often 993." />);
    const field = screen.getByLabelText('Port');
    const described = field.getAttribute('aria-describedby')!.split(' ').map((id) => document.getElementById(id)?.textContent);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(described).toEqual(['Often 993.', 'Use a number.']);
  });

  test('a busy button takes no second press', () => {
    const press = vi.fn();
    render(<Button busy onClick={press}>Save</Button>);
    fireEvent.click(screen.getByText('Save'));
    expect(press).not.toHaveBeenCalled();
  });
});
