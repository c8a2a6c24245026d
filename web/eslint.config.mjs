import css from '@eslint/css';
import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';
import house from './tools/eslint/rules.mjs';

export default [
  { ignores: ['dist/**', 'coverage/**', 'src/api/schema.gen.ts'] },
  ...[js.configs.recommended, ...ts.configs.recommended].map((config) => ({
    ...config,
    files: ['**/*.{ts,tsx,mjs}'],
  })),
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks, house },
    languageOptions: { globals: globals.browser },
    rules: {
      ...hooks.configs.recommended.rules,
      'house/layers': 'error',
      'house/words': 'error',
      'house/logical': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
    },
  },
  { files: ['src/worker/**/*.ts'], languageOptions: { globals: globals.serviceworker } },
  { files: ['src/**/*.test.{ts,tsx}', 'src/test/**'], rules: { 'house/words': 'off' } },
  {
    files: ['*.{ts,mjs}', 'tools/**/*.mjs', 'dev/**/*.ts', 'e2e/**/*.ts'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ['src/**/*.css'],
    language: 'css/css',
    plugins: { css },
    languageOptions: { tolerant: true },
    rules: {
      'css/no-duplicate-imports': 'error',
      'css/no-empty-blocks': 'error',
      // Widths and heights keep their short names: the console never turns its lines upright.
      'css/prefer-logical-properties': ['error', {
        allowProperties: ['width', 'height', 'min-width', 'min-height', 'max-width', 'max-height'],
        allowUnits: ['vw', 'vh', 'dvh'],
      }],
      // A shorthand whose start and end differ would not turn round in right-to-left pages.
      'no-restricted-syntax': ['error', {
        selector: 'Declaration[property=/^(padding|margin|inset|border-radius|border-width)$/]:has(Value > :nth-child(4):last-child)',
        message: 'Four values name left and right: use the inline and block properties.',
      }],
    },
  },
];
