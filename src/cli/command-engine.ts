import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { type CommandEngineResult, createCommandEngine } from '../server/engines/command.ts';
import { parseTemplate } from '../server/engines/template.ts';

/** The engine that runs a program, after a look whether the program and its folder are there at all. */
export async function commandEngine(options: {
  template: string;
  cwd: string | undefined;
  timeLimitMs: number;
}): Promise<CommandEngineResult> {
  const { template, timeLimitMs } = options;
  const cwd = resolve(options.cwd ?? '.');
  const isFolder = await stat(cwd).then(
    found => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return { ok: false, problem: `--command-cwd: ${cwd} is no folder.` };
  const parsed = parseTemplate(template);
  if (!parsed.ok) return { ok: false, problem: `--command: ${parsed.problem}` };
  const program = parsed.template.words[0] ?? '';
  if (!(await canBeRun(program, cwd)))
    return { ok: false, problem: `--command: there is no program ${program} that can be run.` };
  return createCommandEngine({ template, cwd, timeLimitMs });
}

/** As the system finds it: a path from the working directory, a bare name in the PATH. */
async function canBeRun(program: string, cwd: string): Promise<boolean> {
  const folders = program.includes('/') ? [cwd] : (process.env.PATH ?? '').split(delimiter);
  const paths = isAbsolute(program) ? [program] : folders.map(folder => join(folder, program));
  const runs = await Promise.all(
    paths.map(path =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return runs.includes(true);
}
