declare module '*.json?settings' {
  import type en from '../../../locales/en.json';
  const words: typeof en;
  export default words;
}
