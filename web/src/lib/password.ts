/** The least that the server takes. */
export const shortestPassword = 8;

export type Strength = 'short' | 'weak' | 'fair' | 'strong';

/** How hard a password is to guess, roughly: by length, variety and repetition. Mine are words that are easy guesses. */
export function strengthOf(password: string, mine: readonly string[] = []): Strength {
  const length = [...password].length;
  if (length < shortestPassword) return 'short';
  const lower = password.toLowerCase();
  const guessable = mine.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 3);
  const own = guessable.filter((word) => lower.includes(word)).reduce((sum, word) => sum + word.length, 0);
  const different = new Set(lower).size;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const worth = Math.min(length - own, different * 2) + kinds * 2;
  if (/^(.)\1+$/u.test(password) || /^(password|qwerty|letmein|deskbell)/.test(lower)) return 'weak';
  if (worth < 14) return 'weak';
  return worth < 19 ? 'fair' : 'strong';
}
