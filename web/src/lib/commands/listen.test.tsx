import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { flushSync } from 'react-dom';
import { beforeCommand, listenToKeys, singleKeys, useCommand, type CommandId } from '.';

function Offer({ id, run }: { id: CommandId; run: () => void }) {
  useCommand(id, run);
  return <input aria-label="field" />;
}

let stop = () => {};
beforeEach(() => {
  stop = listenToKeys();
});
afterEach(() => {
  stop();
  singleKeys.set(true);
});

const press = (key: string, code: string, target: Element | Document = document.body, more = {}) =>
  fireEvent.keyDown(target, { key, code, ...more });

describe('the keyboard', () => {
  test('a single key runs its command', () => {
    const run = vi.fn();
    render(<Offer id="conversation.reply" run={run} />);
    press('r', 'KeyR');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('single keys rest while somebody types or composes', () => {
    const run = vi.fn();
    render(<Offer id="conversation.reply" run={run} />);
    press('r', 'KeyR', screen.getByLabelText('field'));
    press('r', 'KeyR', document.body, { isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });

  test('keys with mod work while typing', () => {
    const run = vi.fn();
    render(<Offer id="app.palette" run={run} />);
    press('k', 'KeyK', screen.getByLabelText('field'), { ctrlKey: true });
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('a chord runs on its second key and does not run what that key does alone', () => {
    const go = vi.fn();
    const assign = vi.fn();
    render(<><Offer id="go.open" run={go} /><Offer id="conversation.assign_me" run={assign} /></>);
    press('g', 'KeyG');
    press('i', 'KeyI');
    expect(go).toHaveBeenCalledTimes(1);
    expect(assign).not.toHaveBeenCalled();
  });

  test('single keys and chords can be turned off', () => {
    const run = vi.fn();
    render(<><Offer id="conversation.reply" run={run} /><Offer id="go.open" run={run} /></>);
    singleKeys.set(false);
    press('r', 'KeyR');
    press('g', 'KeyG');
    press('i', 'KeyI');
    expect(run).not.toHaveBeenCalled();
  });

  test('what lags behind the keys catches up before a command, which is then that of what is shown', () => {
    const [before, after] = [vi.fn(), vi.fn()];
    const { rerender } = render(<Offer key={1} id="conversation.reply" run={before} />);
    const forget = beforeCommand((id) => id === 'conversation.reply' && flushSync(() => rerender(<Offer key={2} id="conversation.reply" run={after} />)));
    press('r', 'KeyR');
    expect(before).not.toHaveBeenCalled();
    expect(after).toHaveBeenCalledTimes(1);
    forget();
  });

  test('what is mounted last takes the key, and gives it back', () => {
    const page = vi.fn();
    const menu = vi.fn();
    const { rerender } = render(<><Offer id="list.back" run={page} /><Offer id="list.back" run={menu} /></>);
    press('Escape', 'Escape');
    rerender(<Offer id="list.back" run={page} />);
    press('Escape', 'Escape');
    expect(menu).toHaveBeenCalledTimes(1);
    expect(page).toHaveBeenCalledTimes(1);
  });
});
