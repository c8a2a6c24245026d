// Removes what an earlier build left in dist, all but the committed placeholder.
import { readdirSync, rmSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
for (const name of readdirSync(dist)) {
  if (name !== 'index.html') rmSync(new URL(name, dist), { recursive: true });
}
