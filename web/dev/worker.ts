import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

// Other languages, typefaces and the names of emoji are kept when they are first used.
const later = /\.(?:woff2|txt|map)$|^assets\/(?:ja|tr|uk|en-XA|emoji-\w+)[-.]/;

/** Builds the service worker into one file, sw.js, that knows which files the console is made of. */
export function worker(): Plugin {
  const files: string[] = [];
  const sum = createHash('sha256');
  return {
    name: 'deskbell-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const name of Object.keys(bundle).sort()) {
        const one = bundle[name]!;
        if (name.endsWith('.html') && one.type === 'asset') sum.update(one.source);
        if (!name.startsWith('assets/')) continue;
        sum.update(name);
        if (!later.test(name)) files.push(`/${name}`);
      }
    },
    async closeBundle() {
      await build({
        configFile: false,
        root: fileURLToPath(new URL('..', import.meta.url)),
        publicDir: false,
        logLevel: 'warn',
        define: { CONSOLE_FILES: JSON.stringify(files), CONSOLE_VERSION: JSON.stringify(sum.digest('hex').slice(0, 16)) },
        build: {
          target: ['chrome120', 'firefox121', 'safari17'],
          emptyOutDir: false,
          modulePreload: false,
          rolldownOptions: { input: 'src/worker/sw.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
        },
      });
    },
  };
}
