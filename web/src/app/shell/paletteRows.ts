import { catalog, isCatalogId, sections, type Command } from '@/lib/commands';
import { matchScore } from '@/lib/fold';
import type { MessageKey, Translate } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';

export interface PaletteRow {
  id: string;
  group: MessageKey;
  icon: IconName;
  title: string;
  detail?: string;
  keys?: string;
  run: () => void;
}

const most = 12;

/** The commands that answer a query, best first within each section; all of them for an empty one. */
export function findRows(registered: readonly Command[], query: string, t: Translate): PaletteRow[] {
  const scored: { row: PaletteRow; section: number; score: number }[] = [];
  // Of two with one id the later stands in front; its place is that of the first.
  for (const command of new Map(registered.map((one) => [one.id, one])).values()) {
    const spec = isCatalogId(command.id) ? catalog[command.id] : undefined;
    if (spec?.hidden) continue;
    const section = command.section ?? spec?.section ?? 'app';
    const title = command.title ?? (spec ? t(spec.title) : command.id);
    const score = query.trim() ? matchScore(title, query) : 1;
    if (score === 0) continue;
    scored.push({
      section: sections.indexOf(section),
      score,
      row: {
        id: command.id, group: `section.${section}`, title, detail: command.detail, run: command.run,
        icon: command.icon ?? spec?.icon ?? 'arrowR', keys: spec?.keys?.[0],
      },
    });
  }
  scored.sort((a, b) => a.section - b.section || b.score - a.score);
  const rows = scored.map(({ row }) => row);
  return query.trim() ? rows.slice(0, most) : rows;
}
