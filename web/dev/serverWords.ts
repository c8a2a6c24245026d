import type { Plugin } from 'vite';

// The catalogs are shared with the Go program; its words need not travel to the browser.
export function serverWords(): Plugin {
  return {
    name: 'deskbell-server-words',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/locales\/[\w-]+\.json$/.test(id.split('?')[0]!)) return null;
      const words = Object.entries(JSON.parse(code) as Record<string, string>);
      return JSON.stringify(Object.fromEntries(words.filter(([key]) => !key.startsWith('server.'))));
    },
  };
}
