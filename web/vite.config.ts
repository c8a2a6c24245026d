import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { consolePage } from './dev/consolePage.ts';
import { mock } from './dev/mock/index.ts';
import { words } from './dev/words.ts';
import { worker } from './dev/worker.ts';

const backend = process.env.DESKBELL_DEV_BACKEND ?? 'http://127.0.0.1:8080';

const firstLoad = new RegExp([
  'node_modules/@tanstack/', 'src/lib/(?:i18n|commands|router)/', 'src/lib/(?:dates|now|formats|fold|store|media|prefs|icons|lazyPart|announce)\\.tsx?$',
  'src/api/(?:client|problem|words|directory|conversations|views|presence|realtime|renewed)\\.ts$',
  'src/ui/(?:Icon|IconButton|Kbd|Button|Skeleton|Segmented|DueChip|Tooltip|Popover|Menu|Avatar|place|focus)(?:\\.module\\.css|\\.tsx?)$',
  'src/features/view/(?:state|match|rows|views|layout|useWindow)\\.ts$', 'src/features/conversation/(?:readState\\.ts|actions\\.ts|ConversationPane\\.module\\.css)$',
].join('|'));

export default defineConfig({
  plugins: [react(), words(), consolePage(), worker(), ...(process.env.MOCK ? [mock()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // The server puts a fresh nonce in place of this word each time it answers the page.
  html: { cspNonce: 'DESKBELL_NONCE' },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: ['chrome120', 'firefox121', 'safari17'],
    // The committed placeholder dist/index.html stays; tools/clean.mjs removes the rest.
    emptyOutDir: false,
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      input: 'console.html',
      // What the inbox needs at once and later parts need too travels as one file: many small ones compress badly.
      output: { codeSplitting: { groups: [{ name: 'desk', test: firstLoad }] } },
    },
  },
  // The editor's packages are found only when it is first opened; bundled beforehand, the page is not loaded twice.
  optimizeDeps: { include: ['@tiptap/core', '@tiptap/extensions', '@tiptap/starter-kit', '@tiptap/suggestion'] },
  server: {
    proxy: process.env.MOCK
      ? undefined
      : { '/api': { target: backend, ws: true }, '/healthz': backend },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['./src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.mjs'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
  },
});
