import { hash } from 'node:crypto';
import { type Content, Markup, markup } from './markup.ts';
import { style } from './style.ts';

/** By hash, so that no other style, no script, image, font, frame, form or connection is ever honoured. */
const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'`;

/** A whole document: nothing is loaded from anywhere. */
export function page(title: string, body: Content): string {
  const head = markup`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${Markup.of([policy], [])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title.slice(0, 200)}</title>
<style>${Markup.of([style], [])}</style>`;
  return markup`<!doctype html>
<html lang="en">
<head>
${head}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<div class="sheet">
${body}
</div>
</body>
</html>
`.source;
}
