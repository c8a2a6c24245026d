/** Reads enough of a message to compare it: arguments with their kinds, and the categories of each plural. */
export function outline(message) {
  const args = new Map();
  const plurals = [];
  let at = 0;

  const fail = (what) => {
    throw new Error(`${what} at ${at}`);
  };
  const space = () => {
    while (/\s/.test(message[at] ?? '')) at++;
  };
  const word = () => {
    space();
    const found = /^[\w=.-]+/.exec(message.slice(at))?.[0] ?? fail('a word is missing');
    at += found.length;
    space();
    return found;
  };

  function text(depth) {
    while (at < message.length) {
      const char = message[at];
      if (char === "'" && /['{}#]/.test(message[at + 1] ?? '')) {
        const end = message[at + 1] === "'" ? at + 1 : message.indexOf("'", at + 1);
        at = end < 0 ? message.length : end + 1;
      } else if (char === '{') {
        at++;
        argument(depth);
      } else if (char === '}') {
        if (depth === 0) fail('a brace closes nothing');
        return;
      } else {
        at++;
      }
    }
    if (depth > 0) fail('a brace is open');
  }

  function argument(depth) {
    const name = word();
    let kind = 'plain';
    if (message[at] === ',') {
      at++;
      kind = word();
      if (!['number', 'date', 'plural', 'select'].includes(kind)) fail(`“${kind}” is no kind of argument`);
      if (message[at] === ',') {
        at++;
        if (kind === 'plural' || kind === 'select') options(name, kind, depth);
        else word();
      }
    }
    space();
    if (message[at] !== '}') fail('a brace is open');
    at++;
    args.set(name, kind === 'plural' || kind === 'select' ? kind : (args.get(name) ?? kind));
  }

  function options(name, kind, depth) {
    const names = [];
    space();
    while (message[at] !== '}' && at < message.length) {
      names.push(word());
      if (message[at] !== '{') fail('a brace is missing');
      at++;
      text(depth + 1);
      at++;
      space();
    }
    if (!names.includes('other')) fail('“other” is missing');
    if (kind === 'plural') plurals.push({ name, categories: names.filter((one) => !one.startsWith('=')) });
    else args.set(`${name}=${names.toSorted().join('|')}`, 'options');
  }

  text(0);
  return { args, plurals };
}

// Fractions are not counted here, so a category that only they use may be left out.
function categoriesOf(locale) {
  const rules = new Intl.PluralRules(locale);
  return new Set(['other', ...Array.from({ length: 200 }, (_, n) => rules.select(n))]);
}

/** Answers what is wrong with the catalogs, as sentences. */
export function check(catalogs, base = 'en') {
  const faults = [];
  const english = catalogs[base];
  for (const [locale, catalog] of Object.entries(catalogs)) {
    for (const key of Object.keys(english)) if (!(key in catalog)) faults.push(`${locale}: ${key} is missing`);
    for (const key of Object.keys(catalog)) if (!(key in english)) faults.push(`${locale}: ${key} is not in ${base}`);
    const wanted = categoriesOf(locale);
    for (const [key, message] of Object.entries(catalog)) {
      if (typeof message !== 'string' || !message.trim()) {
        faults.push(`${locale}: ${key} is empty`);
        continue;
      }
      try {
        faults.push(...compare(locale, key, message, english[key], wanted));
      } catch (error) {
        faults.push(`${locale}: ${key}: ${error.message}`);
      }
    }
  }
  return faults;
}

function compare(locale, key, message, original, wanted) {
  const faults = [];
  const { args, plurals } = outline(message);
  if (original !== undefined) {
    const show = (map) => [...map].map(([name, kind]) => `${name} (${kind})`).toSorted().join(', ') || 'none';
    const expected = outline(original).args;
    if (show(args) !== show(expected)) faults.push(`${locale}: ${key} has arguments ${show(args)}, English has ${show(expected)}`);
  }
  for (const { name, categories } of plurals) {
    for (const category of wanted) {
      if (!categories.includes(category)) faults.push(`${locale}: ${key}: plural of ${name} lacks “${category}”`);
    }
    for (const category of categories) {
      if (!wanted.has(category)) faults.push(`${locale}: ${key}: plural of ${name} has “${category}”, which ${locale} does not know`);
    }
  }
  return faults;
}

/**
 * Keys that no source names. A key counts as used when its text stands in quotes, or when a template literal
 * with its beginning does, such as `view.${id}`.
 */
export function usedKeys(keys, sources) {
  const quoted = new Set([...sources.matchAll(/['"]([a-z_]+(?:\.[a-z0-9_]+)+)['"]/g)].map((match) => match[1]));
  const begun = [...sources.matchAll(/`([a-z_]+\.(?:[a-z0-9_]+[._])*)\$\{/g)].map((match) => match[1]);
  return keys
    .filter((key) => !quoted.has(key) && !begun.some((start) => key.startsWith(start)))
    .map((key) => `en: ${key} is used nowhere`);
}
