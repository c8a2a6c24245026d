import { useEffect, useRef } from 'react';
import type { IconName } from '../icons';
import { createStore } from '../store';
import { catalog, type CommandId, type Section } from './catalog';

/** A command that can be run now. Those from the catalog have an id of it; the others bring their own title. */
export interface Command {
  id: string;
  run: () => void;
  title?: string;
  detail?: string;
  icon?: IconName;
  section?: Section;
}

// Later ones stand in front: an open menu may take a key from the page under it.
export const commands = createStore<readonly Command[]>([]);

function add(more: readonly Command[]): () => void {
  commands.set((now) => [...now, ...more]);
  return () => commands.set((now) => now.filter((command) => !more.includes(command)));
}

/** Makes a command of the catalog work while the component is mounted and enabled. */
export function useCommand(id: CommandId, run: () => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => (enabled ? add([{ id, run: () => latest.current() }]) : undefined), [id, enabled]);
}

const settlers = new Set<(id: string) => void>();

/**
 * Calls back before a command runs. Whoever lets the screen follow the keys a moment later has to catch up now: what is
 * pressed behind a step of the list is meant for the row that it led to. Answers how to stop.
 */
export function beforeCommand(settle: (id: string) => void): () => void {
  settlers.add(settle);
  return () => settlers.delete(settle);
}

export function settleFor(id: string): void {
  for (const settle of [...settlers]) settle(id);
}

/** Whether a command is about what is open. */
export const isAboutConversation = (id: string) => id.startsWith('conversation.');

/** Adds commands that only the palette shows, such as one for each team. Keep the list stable with useMemo. */
export function usePaletteCommands(list: readonly Command[]): void {
  useEffect(() => add(list), [list]);
}

export function findCommand(id: string): Command | undefined {
  return commands.get().findLast((command) => command.id === id);
}

/** Runs a command if something on the page offers it; answers whether it did. */
export function runCommand(id: CommandId): boolean {
  settleFor(id);
  const command = findCommand(id);
  command?.run();
  return command !== undefined;
}

export function isCatalogId(id: string): id is CommandId {
  return id in catalog;
}
