import { describe, expect, test } from 'vitest';
import { bodyOf, preset, providerOf, serversOf } from './servers';

const server = { host: 'mail.example', port: 993, username: 'a@b.example', tls: 'tls' as const, password_set: true, auth: 'password' as const };
const saved = serversOf({ imap: { ...server, folders: ['INBOX', 'Shop'], history_days: 30, sent_folder: '', read_sent: false, rescue: true, after_fetch: 'leave', move_to: '' }, smtp: { ...server, port: 465 } });

describe('the mail servers of an inbox', () => {
  test('follow from the address where its domain tells', () => {
    expect(providerOf('me@gmail.com')).toBe('google');
    expect(providerOf('support@lindenandloom.example')).toBeUndefined();
    expect(preset('own', 'support@lindenandloom.example')['imap.host']).toBe('imap.lindenandloom.example');
  });

  test('keep a stored password that was not replaced', () => {
    const { imap, smtp } = bodyOf(saved);
    expect(imap).not.toHaveProperty('password');
    expect(smtp).not.toHaveProperty('password');
    expect(imap?.folders).toEqual(['INBOX', 'Shop']);
  });

  test('sign in to both with one password', () => {
    const { imap, smtp } = bodyOf({ ...saved, 'imap.username': 'new', 'imap.password': 'secret' });
    expect([imap?.password, smtp?.password]).toEqual(['secret', 'secret']);
    expect(smtp?.username).toBe('new');
  });

  test('send no password where the owner consents', () => {
    const { imap, smtp } = bodyOf({ ...saved, auth: 'consent', 'imap.password': 'typed before' });
    expect([imap?.auth, smtp?.auth]).toEqual(['consent', 'consent']);
    expect(imap).not.toHaveProperty('password');
    expect(smtp).not.toHaveProperty('password');
  });

  test('are none for receiving when mail is handed in', () => {
    expect(bodyOf({ ...saved, receives: false }).imap).toEqual({ host: '' });
  });
});
