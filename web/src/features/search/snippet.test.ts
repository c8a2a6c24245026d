import { expect, test } from 'vitest';
import { snippetPieces } from './snippet';

test('marks become hits and everything else stays text', () => {
  expect(snippetPieces('A &lt;b&gt; <mark>mug</mark> &amp; more')).toEqual([
    { text: 'A <b> ', hit: false }, { text: 'mug', hit: true }, { text: ' & more', hit: false },
  ]);
  expect(snippetPieces('<script>x</script>')).toEqual([{ text: '<script>x</script>', hit: false }]);
});
