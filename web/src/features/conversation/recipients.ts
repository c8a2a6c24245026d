import type { Address, Participants } from '@/api/types';

export type Line = 'to' | 'cc' | 'bcc';

/** The recipients a reply has now: what was chosen, else what the conversation suggests. */
export function recipientsOf(chosen: { to?: Address[]; cc?: Address[]; bcc?: Address[] }, suggested: Participants | undefined) {
  return { to: chosen.to ?? suggested?.to ?? [], cc: chosen.cc ?? suggested?.cc ?? [], bcc: chosen.bcc ?? [] };
}

/** Reads what was typed or pasted: one address or many, with or without names. The rest is what makes no sense. */
export function readAddresses(text: string): { found: Address[]; rest: string } {
  const found: Address[] = [];
  const rest: string[] = [];
  for (const part of text.split(/[,;\n\t]+/)) {
    const piece = part.trim();
    if (!piece) continue;
    const named = /^"?([^"<>]*?)"?\s*<([^<>\s]+@[^<>\s]+)>$/.exec(piece);
    const address = named?.[2] ?? (/^[^\s<>@"]+@[^\s<>@",]+$/.test(piece) ? piece : undefined);
    if (address) found.push({ address, name: named?.[1]?.trim() ?? '' });
    else rest.push(piece);
  }
  return { found, rest: rest.join(', ') };
}

const same = (a: Address, b: Address) => a.address.toLowerCase() === b.address.toLowerCase();

/** Adds people once; who stands there already stays as they are. */
export function addTo(list: readonly Address[], more: readonly Address[]): Address[] {
  const out = [...list];
  for (const one of more) if (!out.some((other) => same(other, one))) out.push(one);
  return out;
}

export function removeFrom(list: readonly Address[], gone: Address): Address[] {
  return list.filter((one) => !same(one, gone));
}

export function includes(list: readonly Address[], one: Address): boolean {
  return list.some((other) => same(other, one));
}

export const shownName = ({ name, address }: Address): string => name || address;
