import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The real program in a real browser: slow, so few at a time and with patience.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    include: ['e2e/journeys/**/*.e2e.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
    maxWorkers: 2,
  },
});
