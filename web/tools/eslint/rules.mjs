// House rules of the console that no plugin knows.
import path from 'node:path';

const src = path.resolve(import.meta.dirname, '../../src');

function layerOf(file) {
  const [layer, feature] = path.relative(src, file).split(path.sep);
  return { layer, feature: layer === 'features' ? feature : undefined };
}

// What each layer may import beside itself.
const allowed = {
  app: ['features', 'ui', 'lib', 'api'],
  features: ['ui', 'lib', 'api'],
  ui: ['lib'],
  api: ['lib'],
  lib: [],
  test: ['app', 'features', 'ui', 'lib', 'api'],
};

/** app -> features -> ui, lib, api; a feature never imports a feature. */
const layers = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = layerOf(context.filename);
    if (!(from.layer in allowed)) return {};
    function check(node) {
      const target = node.source?.value;
      if (typeof target !== 'string') return;
      let file;
      if (target.startsWith('@/')) file = path.join(src, target.slice(2));
      else if (target.startsWith('.')) file = path.resolve(path.dirname(context.filename), target);
      else return;
      const to = layerOf(file);
      if (!(to.layer in allowed)) return;
      const test = to.layer === 'test' && /\.test\.tsx?$/.test(context.filename);
      if (from.layer !== to.layer && !test && !allowed[from.layer].includes(to.layer)) {
        context.report({ node, message: `${from.layer} must not import ${to.layer}: arrows go app, features, then ui, lib, api.` });
      } else if (from.feature && to.feature && from.feature !== to.feature) {
        context.report({ node, message: `Feature ${from.feature} must not import feature ${to.feature}; let app connect them.` });
      }
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};

const wordAttributes = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-description']);

/** Words on screen come from the catalogs. */
const words = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const report = (node) => context.report({ node, message: 'Words on screen come from locales/*.json through t().' });
    return {
      JSXText(node) {
        if (/\p{L}{2,}/u.test(node.value)) report(node);
      },
      JSXAttribute(node) {
        const isText = node.value?.type === 'Literal' && typeof node.value.value === 'string';
        if (isText && wordAttributes.has(node.name.name) && /\p{L}{2,}/u.test(node.value.value)) report(node);
      },
    };
  },
};

const physical = /^(left|right|(margin|padding|border)(Left|Right).*|border(Top|Bottom)(Left|Right)Radius)$/;

/** Styles in code follow the direction of reading too; ui/place.ts alone measures the screen. */
const logical = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    if (context.filename.endsWith(path.join('ui', 'place.ts'))) return {};
    return {
      'JSXAttribute[name.name="style"] Property'(node) {
        const name = node.key.name ?? node.key.value;
        if (physical.test(name)) context.report({ node, message: `Use the logical property instead of ${name}.` });
      },
    };
  },
};

export default { rules: { layers, words, logical } };
