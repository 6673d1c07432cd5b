import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites that take longest, so that no worker begins one of them when the other has nothing left to do. */
const slowest = [
  'test/simulation/faults/seeds-early.test.ts',
  'test/simulation/faults/seeds-late.test.ts',
  'test/evasion/look-alikes.test.ts',
  'test/evasion/evasion.test.ts',
  'test/rehearsal/rehearsal.test.ts',
  'test/detections/exclusions.test.ts',
  'test/detections/samples.test.ts',
  'test/report/browser.test.ts',
  'test/lambda/chain.test.ts',
  'test/cli/bootstrap.test.ts',
  'test/cli/replay.test.ts',
  'test/state/recompute-dynamodb.test.ts',
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId, project }: TestSpecification): number => {
      const rank = slowest.findIndex((path) => moduleId.endsWith(path));
      if (rank >= 0) return rank;
      // A worker that is shared goes on only as long as nothing comes in between.
      return slowest.length + (project.config.isolate ? 0 : 1);
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

/** Suites that make whole worlds of records, of which the next ones should not have to bear the weight. */
const heavy = [...slowest, 'test/{bounded,cost,history,laws,noise,policy,simulation,subscription,teaching}/**/*.test.ts'];

const alone = [...replacing, ...heavy];
const none = ['test/bench/**', 'node_modules/**', 'cdk.out/**'];

export default defineConfig({
  test: {
    // What hangs is ended; how long anything takes on a busy machine decides no test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Some suites start servers and synthesise the stack; more workers than cores only slow each other down.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    // The commands that tests start are compiled once, and not each time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // One after the other in the same process: to load the catalogue anew for each file takes longer than most of these do.
      { extends: true, test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: [...none, ...alone] } },
    ],
  },
});
