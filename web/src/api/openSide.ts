import { createStore } from '@/lib/store';
import type { Id } from './types';

/** Which side conversation is open over its conversation; no side is a new one. */
export const openSide = createStore<{ conversation: Id; side?: Id } | undefined>(undefined);
