var t={json:{description:"Print JSON instead of text."}};function s(o){return{json:o.includes("--json"),others:o.filter(n=>n!=="--json")}}export{t as a,s as b};
