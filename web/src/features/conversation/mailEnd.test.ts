import { expect, test } from 'vitest';
import { mailDocument } from './mailDocument';
import { trimEnd } from './mailEnd';

const end = (html: string) => {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  trimEnd(body);
  return body.innerHTML;
};

test.each([
  ['<p>Hello</p><p>&nbsp;</p><p><br></p>\n', '<p>Hello</p>'],
  ['<div>Hello<br><br></div><br>', '<div>Hello</div>'],
  ['<div><div>Hello</div><div><span>\u200b</span><br></div></div>', '<div><div>Hello</div></div>'],
  ['<p>Hello</p><!-- end -->', '<p>Hello</p>'],
  ['Hello<br>there', 'Hello<br>there'],
  ['<p>Hello</p><p><img data-remote-src="x"></p>', '<p>Hello</p><p><img data-remote-src="x"></p>'],
  ['<p>Hello</p><img data-remote-src="x" width="1" height="1">', '<p>Hello</p>'],
  ['<table><tbody><tr><td></td></tr></tbody></table>', '<table><tbody><tr><td></td></tr></tbody></table>'],
  ['<p><br></p>', ''],
  ['', ''],
])('the end of %s is %s', (html, left) => expect(end(html)).toBe(left));

test('the margins of the last paragraph do not stand below the words', () => {
  expect(mailDocument('<p>Hello</p>', false)).toContain(':last-child');
});
