import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { plainContent } from './draft';
import { useDraft } from './useDraft';

const stored = { kind: 'reply', text: 'Begun', html: '<p><b>Begun</b></p>', to: [], cc: [], bcc: [], attachments: [], plain: false, version: 3 };

function write(id: number, onServer: boolean, more: object = {}) {
  vi.spyOn(api, 'get').mockResolvedValue({ ...stored, ...more } as never);
  vi.spyOn(api, 'put').mockResolvedValue({ version: 1 } as never);
  vi.spyOn(api, 'delete').mockResolvedValue(undefined as never);
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
  return renderHook(() => useDraft(id, onServer, plainContent, () => undefined), { wrapper }).result;
}

test('a reply of who writes plain text begins so, can have formats, and the next one begins so again', async () => {
  const draft = write(1, false);
  expect(draft.current.content.plain).toBe(true);
  act(() => draft.current.change((now) => ({ ...now, plain: undefined, html: '<p>Hi</p>', text: 'Hi' })));
  expect(draft.current.content.plain).toBeUndefined();
  await act(() => draft.current.sent());
  expect(draft.current.content).toEqual(plainContent);
});

test('a draft that was there keeps its formats', async () => {
  const draft = write(2, true);
  await vi.waitFor(() => expect(draft.current.content.text).toBe('Begun'));
  expect(draft.current.content.plain).toBeUndefined();
});

test('a reply that was stopped is still known as one when it is read again', async () => {
  const draft = write(3, true, { held: true });
  await vi.waitFor(() => expect(draft.current.content.held).toBe(true));
});
