import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, by their folder, longest first: begun last, one of them would run alone while the other cores idle. */
const LONG = ['/sandbox/page/', '/e2e/', '/media/', '/cli/', '/faults/', '/engine/', '/storage/', '/crash/'];

const rank = ({ moduleId }: TestSpecification) => {
  const index = LONG.findIndex(folder => moduleId.includes(`/test${folder}`));
  return index === -1 ? LONG.length : index;
};

/** The order in which files are begun; nothing may depend on it. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
