/** A number as it was typed; undefined: none, or out of its range. A comma is taken for a point, as half the world writes it. */
export function numberIn(text: string, { min, max, whole }: { min: number; max: number; whole: boolean }): number | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (!/^\d{1,9}(\.\d{1,4})?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
}
