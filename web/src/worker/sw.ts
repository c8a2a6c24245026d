/// <reference lib="webworker" />
import { workOffline } from './sw/cache';
import { workPush } from './sw/push';

declare const self: ServiceWorkerGlobalScope;

workOffline(self);
workPush(self);
