import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{b as i,c as n}from"./chunk-FKJCIB7B.js";function r(s,t){for(let o of t.mistakes)n(o.text,{title:`Input ${o.input}`});p(s,t.message)}function p({outputs:s},t){let o={outcome:"failed",reason:t};for(let e of Object.keys(s))i(e,o[e]??"");process.exitCode=1}export{r as a,p as b};
