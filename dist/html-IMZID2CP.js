import{b as A}from"./timeline-7AQZDDXY.js";import{d as W,e as y,f as k}from"./headline-KTT3Z6RX.js";import{a as j}from"./story-2ILENY34.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";var p=900,$=280,c={left:70,right:20,top:40,bottom:55};function P({title:t,unit:n,lines:r,top:o,axis:s}){let{labels:e}=s,i={width:p-c.left-c.right,height:$-c.top-c.bottom},l=a=>c.left+i.width*(a+.5)/e.length,u=a=>c.top+i.height*(1-a/o),b=u(0),h=N(o).map(a=>{let f=u(a).toFixed(1);return[`<line x1="${c.left}" y1="${f}" x2="${p-c.right}" y2="${f}" stroke="${y}" stroke-opacity="0.3"/>`,g(String(a),{x:c.left-8,y:Number(f)+4,anchor:"end"})].join("")}),x=e.map((a,f)=>{if(a===null)return"";let w=l(f).toFixed(1);return[`<line x1="${w}" y1="${c.top}" x2="${w}" y2="${b}" stroke="${y}" stroke-opacity="0.6" stroke-dasharray="3 4"/>`,g(a,{x:Number(w),y:b+18})].join("")}),d=["stable","canary"].map(a=>S(r[a],{arm:a,x:l,y:u}));return[`<svg viewBox="0 0 ${p} ${$}" width="${p}" height="${$}" role="img" font-family="sans-serif" font-size="13">`,`<title>${t}</title>`,g(t,{x:p/2,y:20,size:16}),g(n,{x:16,y:c.top+i.height/2,turned:!0}),g(s.title,{x:c.left+i.width/2,y:$-12}),...h,...x,...d,"</svg>"].join(`
`)}function N(t){let n=[5,4,3].find(r=>M(t/r,Number((t/r).toPrecision(1))))??2;return Array.from({length:n+1},(r,o)=>Number((t*o/n).toPrecision(3)))}function M(t,n){return Math.abs(t-n)<t/1e3}function S(t,{arm:n,x:r,y:o}){let[s]=t;return s===void 0?"":t.length===1?`<circle cx="${r(0)}" cy="${o(s)}" r="3" fill="${k[n]}"/>`:`<polyline points="${t.map((i,l)=>`${r(l).toFixed(1)},${o(i).toFixed(1)}`).join(" ")}" fill="none" stroke="${k[n]}" stroke-width="2" stroke-linejoin="round"/>`}function g(t,{x:n,y:r,anchor:o="middle",size:s,turned:e=!1}){let i=e?` transform="rotate(-90 ${n} ${r})"`:"";return`<text x="${n}" y="${r}" text-anchor="${o}" fill="${y}"${s?` font-size="${s}"`:""}${i}>${t}</text>`}function E(t,n){let r=t.split(`
`),o=[],s=0,e=0,i=l=>{let u=e;for(;e<r.length&&l(r[e]);)e++;return r.slice(u,e)};for(;e<r.length;){let l=r[e],[,u,b]=/^(`{3,})(\w*)$/u.exec(l)??[],[,h,x]=/^(#{2,3}) (.*)$/u.exec(l)??[];if(l==="")e++;else if(u!==void 0){e++;let d=i(a=>a!==u);e++,o.push(b==="mermaid"?n(s++):`<pre>${v(d.join(`
`))}
</pre>`)}else h!==void 0?(e++,o.push(`<h${h.length}>${m(x??"")}</h${h.length}>`)):l.startsWith("| ")?o.push(H(i(d=>d.startsWith("| ")))):l.startsWith("- ")?o.push(O(i(d=>d.startsWith("- ")))):l.startsWith("> ")?o.push(T(i(d=>d.startsWith("> ")))):/^<\/?details>/u.test(l)?o.push(m(r[e++])):o.push(`<p>${m(i(d=>d!==""&&!d.startsWith("```")).join(`
`))}</p>`)}return o.join(`
`)}function H([t="",n="",...r]){let o=C(n).map(e=>e.endsWith(":")?' align="right"':' align="left"'),s=(e,i)=>`<tr>${C(e).map((l,u)=>`<${i}${o[u]??""}>${m(l)}</${i}>`).join("")}</tr>`;return['<table border="1" cellpadding="6" cellspacing="0">',`<thead>${s(t,"th")}</thead>`,`<tbody>${r.map(e=>s(e,"td")).join(`
`)}</tbody>`,"</table>"].join(`
`)}function C(t){return t.slice(1,-1).split("|").map(n=>n.trim())}function O(t){return`<ul>${t.map(n=>`<li>${m(n.slice(2))}</li>`).join("")}</ul>`}function T([,...t]){return`<blockquote>${m(t.map(n=>n.slice(2)).join(`
`))}</blockquote>`}var q=/(?<tag><\/?(?:code|b|i|sub|br|wbr|details|summary)>)|(?<reference>&(?:#\d+|nbsp);)|\*\*(?<bold>.+?)\*\*|\[(?<words>[^[\]]*)\]\((?<address>https?:[^()\s]*)\)|(?<other>[^])/gu;function m(t){return t.replaceAll(q,(...n)=>{let{tag:r,reference:o,bold:s,words:e,address:i,other:l}=n.at(-1);return s!==void 0?`<b>${m(s)}</b>`:i!==void 0?`<a href="${v(i)}" rel="noreferrer">${m(e??"")}</a>`:r??o??v(l??"")})}function v(t){return t.replaceAll(/[&<>"]/gu,n=>`&#${n.charCodeAt(0)};`)}function B(t){let n=W(j(t)),r=E(A(t,1/0),s=>{let e=n[s];return e===void 0?"":`<div>${P(e)}</div>`});return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${/<h2>(.*?)<\/h2>/u.exec(r)?.[1]?.replaceAll(/<[^>]*>/gu,"")??"ecs-ramp"}</title>
<style>${z}</style>
</head>
<body>
${r}
</body>
</html>
`}var z=`
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
`;export{B as renderHtml};
