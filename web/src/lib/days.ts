/** The end of a day here, as the server keeps moments: what is due on a day may be done until it is over. */
export const endOfDay = (day: string) => new Date(`${day}T23:59:00`).toISOString();

/** The end of the day so many days from now. */
export function endIn(days: number): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59).toISOString();
}

/** The day of a moment, as a field of type date takes it. */
export function dayOf(at: string | null): string {
  if (!at) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}
