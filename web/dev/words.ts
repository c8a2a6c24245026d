import type { Plugin } from 'vite';

// Words that only doors, first steps, settings and rare parts of the inbox need: they travel with those and not with the inbox.
const settings = /^(session|start|profile|people|roles|permission|access|role|teams|keys|tags|jobs|ledger|inboxes|services|mailtest|spam|rules|domains|facts|storage|merge|replies|views|step|sender|audit|outbox|fields|event|delivery|composer|held|message|search|new|bulk|again|table|notifications|customers|privacy|print|side|tasks|links|saved|tone|hours|translation|customer|thread|picker|snooze|palette|follow|split|empty|settings(?!\.me$))\./;

// “en.json” gives what every page needs, “en.json?settings” the rest.
export function words(): Plugin {
  return {
    name: 'deskbell-words',
    enforce: 'pre',
    transform(code, id) {
      const [path, query] = id.split('?');
      if (!/\/locales\/[\w-]+\.json$/.test(path!)) return null;
      const wanted = (key: string) => settings.test(key) === (query === 'settings');
      const all = Object.entries(JSON.parse(code) as Record<string, string>);
      const json = JSON.stringify(Object.fromEntries(all.filter(([key]) => wanted(key))));
      // What has a query is no JSON file to Vite.
      return query ? { code: `export default ${json};`, moduleType: 'js' } : json;
    },
  };
}
