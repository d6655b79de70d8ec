import{c as s}from"./plain-text-4DAVJG2K.js";var e=1e4;function p(t,c){let n="",i=o=>{n.length<=e&&(n+=o.slice(0,e+1))},r=()=>{c(s(n.replace(/\r$/,""),e)),n=""};t.setEncoding("utf8"),t.on("data",o=>{let[d="",...f]=o.split(`
`);i(d);for(let l of f)r(),i(l)}),t.on("end",()=>{n!==""&&r()})}export{p as a};
