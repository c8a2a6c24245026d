export interface Piece {
  text: string;
  hit: boolean;
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", '#34': '"' };

// The server escapes what people wrote; here it is text again and never becomes HTML.
function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos|#39|#34);/g, (_all, name: string) => named[name]!);
}

/** The pieces of a snippet: what <mark> surrounds is a hit, everything else is plain text, tags included. */
export function snippetPieces(snippet: string): Piece[] {
  const pieces: Piece[] = [];
  let hit = false;
  for (const part of snippet.split(/(<\/?mark>)/)) {
    if (part === '<mark>') hit = true;
    else if (part === '</mark>') hit = false;
    else if (part) pieces.push({ text: unescape(part), hit });
  }
  return pieces;
}
