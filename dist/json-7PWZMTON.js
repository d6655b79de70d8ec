function s({evidence:n,...e}){let r=o(e).replace(/\n}$/,""),t=n.map(i=>`
    ${JSON.stringify(i)}`);return`${r},
  "evidence": [${t.join(",")}${t.length>0?`
  `:""}]
}`}var o=n=>JSON.stringify(n,null,2);export{s as a,o as b};
