import { pathToFileURL } from 'node:url';
import MarkdownIt from 'markdown-it';

export interface GithubPage {
  readonly markdown: string;
  readonly theme: 'light' | 'dark';
  /** The node_modules folder with github-markdown-css and mermaid. */
  readonly modules: string;
  /** The file that relative links and pictures start from. */
  readonly file: string;
}

/** An HTML page that shows Markdown as GitHub does, with its alerts and charts. */
export function githubPage({ markdown, theme, modules, file }: GithubPage): string {
  const renderer = new MarkdownIt({ html: true, linkify: true });
  const { fence } = renderer.renderer.rules;
  renderer.renderer.rules.fence = (...rendering) => {
    const [tokens, index] = rendering;
    const token = tokens[index];
    return token?.info === 'mermaid'
      ? `<pre class="mermaid">${renderer.utils.escapeHtml(token.content)}</pre>`
      : (fence?.(...rendering) ?? '');
  };
  const body = renderer.render(markdown).replaceAll(ALERT, alert);
  const hasCharts = body.includes('<pre class="mermaid">');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<base href="${String(pathToFileURL(file))}">
<link rel="stylesheet" href="${String(pathToFileURL(modules))}/github-markdown-css/github-markdown-${theme}.css">
<body class="markdown-body" style="margin: 0 auto; max-width: 1012px; box-sizing: border-box; padding: min(32px, 4vw)">
${body}
${hasCharts ? charts(modules, theme) : ''}
`;
}

/** GitHub's alerts are quotes that start with their kind. */
const ALERT = /<blockquote>\n<p>\[!(\w+)\]([\s\S]*?)<\/blockquote>/gu;

function alert(_: string, kind: string, content: string): string {
  return `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${kind}</p><p>${content}</div>`;
}

/** `drawn` is a promise: the charts are drawn. */
function charts(modules: string, theme: GithubPage['theme']): string {
  return `<script src="${String(pathToFileURL(modules))}/mermaid/dist/mermaid.min.js"></script>
<script>
  mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' });
  globalThis.drawn = mermaid.run();
</script>`;
}
