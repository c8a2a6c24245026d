import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem, staleVersion } from '@/api/problem';
import { DraftKeeper, emptyContent, isEmpty, rowOf, textToHtml, type Content, type DraftPlaces } from './draft';
import { plainOf } from './WritingField';

const written = (text: string): Content => ({ ...emptyContent, text, html: textToHtml(text) });
let version = 0;
const places = {
  keep: vi.fn<DraftPlaces['keep']>(),
  drop: vi.fn<DraftPlaces['drop']>(),
  save: vi.fn<DraftPlaces['save']>(),
  discard: vi.fn<DraftPlaces['discard']>(),
};
let keeper: DraftKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  version = 0;
  for (const place of Object.values(places)) place.mockReset();
  places.save.mockImplementation(() => Promise.resolve({ version: ++version }));
  places.discard.mockResolvedValue();
  keeper = new DraftKeeper(7, places);
});

afterEach(() => vi.useRealTimers());

describe('a draft', () => {
  test('shows its beginning on one line in the row', () => {
    expect(rowOf(written(' Dear\n\nAda '))).toEqual({ draft: true, draft_preview: 'Dear Ada' });
    expect(rowOf(emptyContent)).toEqual({ draft: false, draft_preview: '' });
  });

  test('is on the device after 300 ms and on the server after a second', async () => {
    keeper.changed(written('Hello'));
    await vi.advanceTimersByTimeAsync(300);
    expect(places.keep).toHaveBeenCalledWith(7, { content: written('Hello'), version: 0, unsaved: true });
    expect(places.save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(700);
    expect(places.save).toHaveBeenCalledTimes(1);
    expect(keeper.status.get().state).toBe('saved');
  });

  test('is saved on the version that the server answered with', async () => {
    keeper.changed(written('a'));
    await vi.advanceTimersByTimeAsync(1000);
    keeper.changed(written('ab'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(places.save.mock.calls.map((call) => call[2])).toEqual([0, 1]);
  });

  test('is saved at once when the page is left, and lets the request outlive it', async () => {
    keeper.changed(written('a'));
    keeper.flush(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(places.save).toHaveBeenCalledWith(7, written('a'), 0, true);
  });

  test('of a reply that was stopped is written on, and is not taken for another device’s', async () => {
    keeper.changed(written('Yes'));
    await vi.advanceTimersByTimeAsync(1000);
    await keeper.settled();
    keeper.forget();
    places.save.mockRejectedValueOnce(new ApiProblem(409, { type: staleVersion, draft: { text: 'Yes', version: 1 } }));
    keeper.changed(written('Yes, indeed'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(places.save.mock.calls.map((call) => call[2])).toEqual([0, 0, 1]);
    expect(keeper.status.get()).toEqual({ state: 'saved' });
  });

  test('that another device changed is offered and not overwritten', async () => {
    const other = { text: 'other', version: 5 };
    places.save.mockRejectedValueOnce(new ApiProblem(409, { type: staleVersion, draft: other }));
    keeper.changed(written('mine'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(keeper.status.get()).toEqual({ state: 'device', other });
    keeper.changed(written('mine more'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(places.save).toHaveBeenCalledTimes(1);
    keeper.keepOurs();
    await vi.advanceTimersByTimeAsync(0);
    expect(places.save).toHaveBeenLastCalledWith(7, written('mine more'), 5, false);
  });

  test('is tried again while the server is away, and stays on the device', async () => {
    places.save.mockRejectedValueOnce(new ApiProblem(0));
    keeper.changed(written('a'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(keeper.status.get().state).toBe('device');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(places.save).toHaveBeenCalledTimes(2);
  });

  test('a save that ends after the reply was sent says nothing any more', async () => {
    let answer: (value: { version: number }) => void = () => undefined;
    places.save.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    keeper.changed(written('a'));
    await vi.advanceTimersByTimeAsync(1000);
    keeper.forget();
    answer({ version: 9 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(keeper.status.get().state).toBe('idle');
    expect(places.drop).toHaveBeenCalled();
  });

  test('emptied by hand is deleted on the server', async () => {
    keeper.changed(written('a'));
    await vi.advanceTimersByTimeAsync(1000);
    keeper.changed(emptyContent);
    await vi.advanceTimersByTimeAsync(1000);
    expect(places.discard).toHaveBeenCalledWith(7);
  });
});

test('text becomes HTML and comes back unchanged', () => {
  const text = 'Hi <b>\n\n1 & 2';
  expect(plainOf(textToHtml(text))).toBe(text);
  expect(isEmpty(written('  \n'))).toBe(true);
});
