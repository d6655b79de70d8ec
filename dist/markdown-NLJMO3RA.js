import{a as c,b as a,c as i}from"./plain-text-4DAVJG2K.js";function m(n,r=300){return p(a(n,r)).replaceAll(/@(?=\w)/gu,`@${l}`).replaceAll(/(?<=&#35;|\bGH-)(?=\d)/giu,l).replaceAll(s,t=>t.replaceAll(/.{6}(?=.)/gu,"$&<wbr>"))}var l="\u2060",s=/(?<![\p{L}\p{N}])(?!(?<=\bcommit )[0-9a-f]{7}(?![\p{L}\p{N}]))(?=\d*[a-f])[0-9a-f]{7,40}(?![\p{L}\p{N}])/giu;function p(n){return n.replaceAll(/[\\`*_~[\]<>|&#!$]|:(?=\/\/)|\.(?=\w)(?<=www\.)/giu,r=>`&#${r.charCodeAt(0)};`)}function k(n,r=300){return`<code>${(a(n,r).match(w)??[]).map(p).join("<wbr>")}</code>`}var w=/[^/@:,]{1,24}[/@:,]*|[/@:,]+/gu;function $(n,r){if(r===null||!URL.canParse(r))return n;let{protocol:t,href:o}=new URL(r);return t!=="https:"&&t!=="http:"||o.length>f?n:`[${n}](${o.replaceAll(/[()<>\\|`]/gu,e=>`%${e.charCodeAt(0).toString(16)}`)})`}var f=2e3;function h(n,r){let t=e=>`| ${e.join(" | ")} |`,o=n.map(e=>e.endsWith(":")?"--:":":--");return[t(n.map(e=>e.replace(/:$/u,""))),t(o),...r.map(t)].join(`
`)}function x(n,r="text"){let t=n.map(g).join(`
`),o=(t.match(/`+/gu)??[]).reduce((u,d)=>Math.max(u,d.length),2),e="`".repeat(o+1);return[`${e}${r}`,t,e].join(`
`)}function g(n){return c(n).map(r=>i(r)).join(`
`)}function A(n,r){return`<details><summary>${n}</summary>

${r}

</details>`}function y(n,r){return[`> [!${n}]`,...r.split(`
`).map(t=>`> ${t}`)].join(`
`)}function L(n){return Buffer.byteLength(n)}export{m as a,k as b,$ as c,h as d,x as e,g as f,A as g,y as h,L as i};
