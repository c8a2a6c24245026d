/** Whether Mod is the command key. */
export const isApple = /mac|iphone|ipad/i.test(navigator.platform || navigator.userAgent);
