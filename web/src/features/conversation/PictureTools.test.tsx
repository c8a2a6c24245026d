import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Attachment } from '@/api/types';
import Editor, { type EditorProps } from './Editor';

type Taken = { file: File; arrive: () => void };

function show() {
  const coming: Taken[] = [];
  const onChange = vi.fn<EditorProps['onChange']>();
  const onFiles: EditorProps['onFiles'] = (files, inText) => {
    for (const file of files) coming.push({ file, arrive: () => inText?.({ url: `/api/v1/attachments/${coming.length}`, content_id: `c${coming.length}`, name: file.name } as Attachment, file) });
  };
  render(<Editor html="<p>See here: </p>" formats people={[]} label="Reply" placeholder="" onChange={onChange} onFiles={onFiles} onEscape={() => undefined} />);
  return { coming, written: () => onChange.mock.lastCall?.[0] ?? '', words: () => onChange.mock.lastCall?.[1] };
}

const chosen = (name: string, type = 'image/png') => new File(['x'], name, { type });
const picker = () => document.querySelector<HTMLInputElement>('input[type=file]')!;
const field = () => screen.findByRole('textbox', { name: 'What the picture shows' });

describe('pictures by the button', () => {
  afterEach(cleanup);

  test('opens the chooser of files, for what every mail program shows', async () => {
    show();
    const clicked = vi.spyOn(picker(), 'click');
    await userEvent.click(await screen.findByRole('button', { name: 'Insert picture' }));
    expect(clicked).toHaveBeenCalled();
    expect(picker().accept).toBe('image/png,image/jpeg,image/gif,image/webp');
  });

  test('stand in the text and ask what they show; Enter goes on writing behind them', async () => {
    const { coming, written, words } = show();
    await screen.findByRole('button', { name: 'Insert picture' });
    await userEvent.upload(picker(), chosen('IMG_1.png'));
    await act(async () => coming[0]!.arrive());
    const asked = await field() as HTMLInputElement;
    await waitFor(() => expect(document.activeElement).toBe(asked));
    expect(asked.value).toBe('IMG_1.png');
    await userEvent.keyboard('The crack{Enter}');
    expect(written()).toMatch(/^<p>See here: ?<img/);
    expect(written()).toMatch(/<img[^>]* data-cid="c1"[^>]* alt="The crack"|<img[^>]* alt="The crack"[^>]* data-cid="c1"/);
    expect(words()).toContain('[The crack]');
    expect(screen.queryByRole('textbox', { name: 'What the picture shows' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Reply' }));
  });

  test('several are taken, and what is no picture stays out', async () => {
    const { coming } = show();
    await screen.findByRole('button', { name: 'Insert picture' });
    await userEvent.upload(picker(), [chosen('a.png'), chosen('b.svg', 'image/svg+xml'), chosen('c.webp', 'image/webp')], { applyAccept: false });
    expect(coming.map(({ file }) => file.name)).toEqual(['a.png', 'c.webp']);
  });
});
