export { catalog, commandIds, keysOf, sections, type CommandId, type CommandSpec, type Section } from './catalog';
export { ariaKeys, keyCaps } from './keys';
export { beforeCommand, commands, findCommand, isAboutConversation, isCatalogId, runCommand, useCommand, usePaletteCommands, type Command } from './registry';
export { keyUsed, listenToKeys, singleKeys } from './listen';
