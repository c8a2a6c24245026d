/// <reference lib="webworker" />
import { workOffline } from './sw/cache';

declare const self: ServiceWorkerGlobalScope;

workOffline(self);
