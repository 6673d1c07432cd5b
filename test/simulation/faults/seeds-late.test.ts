import { describeSeeds, seedsTogether } from './seeds.ts';

describeSeeds(1 + seedsTogether);
