// The margin of the outermost paragraph would come on top of the padding, however deep it stands.
function edges(which: 'first' | 'last', side: 'top' | 'bottom'): string {
  const nested = [1, 2, 3, 4, 5].map((depth) => `body${`>:${which}-child`.repeat(depth)}`);
  return `${nested.join()}{margin-${side}:0!important}`;
}

/**
 * The document that a rich mail is shown in. It lives in a sandboxed frame without scripts, under a policy of its own:
 * pictures of ours always, those of strangers only when somebody asked for them.
 */
export function mailDocument(html: string, remoteImages: boolean): string {
  const images = remoteImages ? "'self' data: https: http:" : "'self' data:";
  const policy = `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`;
  const body = remoteImages ? html.replace(/\bdata-remote-src=/gi, 'src=') : html;
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`
    + '<meta name="referrer" content="no-referrer"><base target="_blank"><style>'
    + 'html{background:#fff;color-scheme:light}body{margin:0;padding:12px 14px;font:14px/22px "Inter Variable",Inter,system-ui,sans-serif;color:#1a1916;overflow-wrap:anywhere}'
    + 'img{max-width:100%;height:auto}img:not([src]){display:inline-block;min-width:16px;min-height:16px;background:#f3f1ed;border-radius:4px}'
    + `${edges('first', 'top')}${edges('last', 'bottom')}`
    + 'table{max-width:100%}pre{white-space:pre-wrap}a{color:#3346b3}blockquote{margin:0 0 0 4px;padding-left:10px;border-left:2px solid #d8d4cc;color:#57534b}'
    + `</style></head><body dir="auto">${body}</body></html>`;
}
