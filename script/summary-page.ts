import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';

/**
 * `node script/summary-page.ts SUMMARY.md light|dark NODE_MODULES` prints a page that shows a job
 * summary as GitHub does.
 */
const [summary, theme, modules] = process.argv.slice(2);
if (!summary || !modules || (theme !== 'light' && theme !== 'dark'))
  throw new Error('usage: node script/summary-page.ts SUMMARY.md light|dark NODE_MODULES');

const markdown = new MarkdownIt({ html: true, linkify: true });
const fence = markdown.renderer.rules.fence;
markdown.renderer.rules.fence = (...rendering) => {
  const [tokens, index] = rendering;
  const token = tokens[index];
  return token?.info === 'mermaid'
    ? `<pre class="mermaid">${markdown.utils.escapeHtml(token.content)}</pre>`
    : (fence?.(...rendering) ?? '');
};
/** Renders GitHub's alerts, which are quotes that start with their kind. */
const html = markdown
  .render(readFileSync(summary, 'utf8'))
  .replaceAll(
    /<blockquote>\n<p>\[!(\w+)\]([\s\S]*?)<\/blockquote>/gu,
    (_, kind: string, content: string) =>
      `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${kind}</p><p>${content}</div>`,
  );

process.stdout.write(`<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="file://${modules}/github-markdown-css/github-markdown-${theme}.css">
<body class="markdown-body" style="margin: 0; padding: 24px">
${html}
<script src="file://${modules}/mermaid/dist/mermaid.min.js"></script>
<script>
  mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' });
  mermaid.run().finally(() => { document.body.dataset.height = document.documentElement.scrollHeight; });
</script>
`);
