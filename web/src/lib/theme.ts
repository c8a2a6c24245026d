import { recall, remember } from './storage';

export type Theme = 'auto' | 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function apply() {
  const chosen = recall('theme');
  const resolved = chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = resolved;
  // The frame that phones and installed windows draw around the console.
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', resolved === 'dark' ? '#121110' : '#F7F6F3');
}

/** Shows a theme and keeps it for the next first paint in this browser. */
export function setTheme(theme: Theme): void {
  remember('theme', theme);
  apply();
}

export function currentTheme(): Theme {
  const kept = recall('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

/** Follows the system while the theme is auto. Call once. */
export function followSystemTheme(): void {
  dark.addEventListener('change', apply);
}
