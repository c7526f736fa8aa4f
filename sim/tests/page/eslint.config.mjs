// What the page's modules and their tests may not do. Names and types are tsc's business.

import js from '@eslint/js';

const tests = ['AbortController', 'Buffer', 'OffscreenCanvas', 'URL', 'createImageBitmap', 'console', 'document', 'fetch', 'innerWidth', 'innerHeight', 'location', 'process', 'setTimeout'];

export default [
  js.configs.recommended,
  {
    rules: {
      'complexity': ['error', 24],
      'eqeqeq': 'error',
      'max-lines-per-function': ['error', { max: 70 }],
      'no-console': 'error',
      'no-shadow': 'error',
      'no-use-before-define': ['error', { functions: false, classes: false }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/report/page/*.js'], rules: { 'no-undef': 'off' } },
  { files: ['**/*.mjs'], languageOptions: { globals: Object.fromEntries(tests.map((name) => [name, 'readonly'])) } },
];
