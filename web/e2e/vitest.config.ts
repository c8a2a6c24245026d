import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The real program in a real browser: slow, so few at a time and with patience.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // A busy build server may paint a page late once; a fault of the page fails twice.
    retry: process.env.CI ? 1 : 0,
    environment: 'node',
    include: ['e2e/journeys/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
