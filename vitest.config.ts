import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**', 'cdk.out/**'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // Two suites start servers and synthesise the stack; more workers than cores only slow each other down.
    maxWorkers: 2,
  },
});
