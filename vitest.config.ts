import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites that take longest, so that no worker begins one of them when the other has nothing left to do. */
const slowest = [
  'test/simulation/faults/seeds-early.test.ts',
  'test/simulation/faults/seeds-late.test.ts',
  'test/rehearsal/rehearsal.test.ts',
  'test/evasion/evasion.test.ts',
  'test/detections/exclusions.test.ts',
  'test/report/browser.test.ts',
  'test/cli/replay.test.ts',
  'test/evasion/look-alikes.test.ts',
  'test/lambda/chain.test.ts',
  'test/state/recompute-dynamodb.test.ts',
  'test/detections/samples.test.ts',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = slowest.findIndex((path) => moduleId.endsWith(path));
      return rank < 0 ? slowest.length : rank;
    };
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
  }
}

/** Suites that put modules in the place of others, which nobody else must see. */
const replacing = [
  'test/functions/enrol.test.ts',
  'test/functions/judging-lines.test.ts',
  'test/functions/proofs.test.ts',
  'test/functions/prove-life.test.ts',
];

const none = ['test/bench/**', 'node_modules/**', 'cdk.out/**'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // Some suites start servers and synthesise the stack; more workers than cores only slow each other down.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    // The commands that tests start are compiled once, and not each time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    projects: [
      // One after the other in the same process: to load the catalogue anew for each file takes longer than most files do.
      { extends: true, test: { name: 'shared', isolate: false, include: ['test/**/*.test.ts'], exclude: [...none, ...replacing] } },
      { extends: true, test: { name: 'replacing', include: replacing } },
    ],
  },
});
