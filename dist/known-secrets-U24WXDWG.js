function e(n){return[n,encodeURIComponent(n.toWellFormed()),JSON.stringify(n).slice(1,-1),Buffer.from(n).toString("base64"),Buffer.from(n).toString("base64url")]}function i(n){let r=n.map(t=>t.trim()).filter(t=>t!==""),o=r.flatMap(t=>t.split(`
`)).map(t=>t.trim());return[...new Set([...r,...o.filter(t=>t.length>=4)])]}export{e as a,i as b};
