import type { Event } from '../../core/trail/event.ts';
import { storyOf } from '../story.ts';
import { renderSummary } from '../summary.ts';
import { chartsOf } from '../summary/charts.ts';
import { drawnChart } from './chart.ts';
import { fromMarkdown } from './from-markdown.ts';

/**
 * The job summary as one self-contained HTML file, without scripts, images, fonts or network
 * access; its content security policy enforces this. It is complete without its styles, which
 * Jenkins blocks.
 */
export function renderHtml(events: readonly Event[]): string {
  const charts = chartsOf(storyOf(events));
  const body = fromMarkdown(renderSummary(events, Infinity), (index) => {
    const chart = charts[index];
    return chart === undefined ? '' : `<div>${drawnChart(chart)}</div>`;
  });
  const title = /<h2>(.*?)<\/h2>/u.exec(body)?.[1]?.replaceAll(/<[^>]*>/gu, '') ?? 'ecs-ramp';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2, p, li { overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 1rem 0; }
/* On a phone, tables and charts scroll inside the page. */
table, div { display: block; max-width: 100%; overflow-x: auto; }
th, td { border: 1px solid #848d9766; padding: 0.3rem 0.7rem; vertical-align: top; }
pre { background: #848d971f; border-radius: 6px; padding: 0.8rem; overflow: auto; font-size: 13px; }
code { background: #848d971f; border-radius: 4px; padding: 0.1em 0.3em; }
blockquote { border-left: 4px solid #e8590c; margin: 1rem 0; padding: 0.2rem 1rem; }
svg { width: 100%; min-width: 42rem; height: auto; }
`;
