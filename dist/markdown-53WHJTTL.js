import{a as l,b as a,c as i}from"./plain-text-4DAVJG2K.js";function d(n,r=300){return a(n,r).replaceAll(/[\\`*_~[\]<>|&#!$]|:(?=\/\/)|\.(?=\w)(?<=www\.)/giu,t=>`&#${t.charCodeAt(0)};`).replaceAll(/@(?=\w)/gu,`@${c}`).replaceAll(/(?<=&#35;|\bGH-)(?=\d)/giu,c)}var c="\u2060";function k(n,r=300){return`<code>${(a(n,r).match(s)??[]).map(o=>d(o).replaceAll(c,"")).join("<wbr>")}</code>`}var s=/[^/@:,]{1,24}[/@:,]*|[/@:,]+/gu;function m(n,r){if(r===null||!URL.canParse(r))return n;let{protocol:t,href:o}=new URL(r);return t!=="https:"&&t!=="http:"||o.length>w?n:`[${n}](${o.replaceAll(/[()<>\\|`]/gu,e=>`%${e.charCodeAt(0).toString(16)}`)})`}var w=2e3;function M(n,r){let t=e=>`| ${e.join(" | ")} |`,o=n.map(e=>e.endsWith(":")?"--:":":--");return[t(n.map(e=>e.replace(/:$/u,""))),t(o),...r.map(t)].join(`
`)}function $(n,r="text"){let t=n.map(f).join(`
`),o=(t.match(/`+/gu)??[]).reduce((u,p)=>Math.max(u,p.length),2),e="`".repeat(o+1);return[`${e}${r}`,t,e].join(`
`)}function f(n){return l(n).map(r=>i(r)).join(`
`)}function x(n,r){return`<details><summary>${n}</summary>

${r}

</details>`}function h(n,r){return[`> [!${n}]`,...r.split(`
`).map(t=>`> ${t}`)].join(`
`)}function A(n){return Buffer.byteLength(n)}export{d as a,k as b,m as c,M as d,$ as e,f,x as g,h,A as i};
