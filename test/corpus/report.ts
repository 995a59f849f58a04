import type { CorpusReport } from './run.ts';

/** How the files of each family fared: one row a family, the codes of their problems by frequency. */
export function reportLines({ verdicts, seconds, makingSeconds, heapGrowthBytes, residentGrowthBytes }: CorpusReport): string[] {
  const lines = [...Map.groupBy(verdicts, ({ file }) => file.family)].map(([family, all]) => {
    const codes = [...Map.groupBy(all, ({ code }) => code ?? 'taken')].sort(([, a], [, b]) => b.length - a.length);
    const counts = codes.map(([code, some]) => `${code} ${some.length}`).join(', ');
    return `${family.padEnd(13)} ${`${all.length}`.padStart(5)}  ${counts}`;
  });
  const slowest = verdicts.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  return [
    ...lines,
    '',
    ...slowest.map(({ file, ms, code }) => `${(ms / 1000).toFixed(1)} s  ${file.family}: ${file.what} (${code ?? 'taken'})`),
    '',
    `${verdicts.length} files, made in ${makingSeconds.toFixed(0)} s, examined in ${seconds.toFixed(0)} s`,
    `memory: heap ${mb(heapGrowthBytes)}, resident ${mb(residentGrowthBytes)} more than after the first tenth`,
  ];
}

/** Everything that must not have been, a line each. */
export function faultLines({ verdicts, faults }: CorpusReport): string[] {
  const ofFiles = verdicts.flatMap(({ file, faults: found }) =>
    found.map(fault => `file ${file.id} (${file.family}: ${file.what}, as ${file.role}): ${fault}`),
  );
  return [...faults, ...ofFiles];
}

const mb = (bytes: number) => `${bytes < 0 ? '-' : '+'}${(Math.abs(bytes) / 1e6).toFixed(1)} MB`;
