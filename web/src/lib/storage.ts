/** What this browser remembers between visits. Never customer text. */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`deskbell.${key}`, typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    // Private windows may refuse storage; the page works without it.
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`deskbell.${key}`);
  } catch {
    return null;
  }
}
