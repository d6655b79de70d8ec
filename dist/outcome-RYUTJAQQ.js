function d({events:e}){return e.find(n=>n.kind==="finished")}function i(e){return e==="deployed"||e==="unchanged"}export{d as a,i as b};
