import { expect, test } from 'vitest';
import { fits } from './fits';

test('what the editor knows is written in it', () => {
  expect(fits('<p>Hello {{ customer.name | default: "you" }}, <b>1</b> &lt; 2</p><ul><li><a href="https://shop.example">x</a></li></ul>')).toBe(true);
  expect(fits('<p><img src="/api/v1/saved-replies/1/files/2" data-cid="a@b"></p>')).toBe(true);
  expect(fits('<table><tbody><tr><td bgcolor="#3346b3" style="padding: 10px"><a href="https://shop.example" style="color: #fff">Rate us</a></td></tr></tbody></table>')).toBe(true);
  expect(fits('<table border="1" cellpadding="6" cellspacing="0" style="border-collapse: collapse"><tbody><tr><th colspan="1" rowspan="1"><p>Size</p></th></tr></tbody></table>')).toBe(true);
});

test('what it would lose is left as it is', () => {
  expect(fits('<h2>Terms</h2>')).toBe(false);
  expect(fits('<p style="color: red">x</p>')).toBe(false);
  expect(fits('<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>')).toBe(false);
});
