import { inject } from 'vitest';

/** The URL of an empty database of this test's own, on the run's shared Postgres. */
export async function newDatabase(): Promise<string> {
  const answer = await fetch(inject('databasesAt'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
