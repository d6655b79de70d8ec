function t(r){return r.charAt(0).toUpperCase()+r.slice(1)}function n(r){return`${t(r)}${/[.!?]$/.test(r)?"":"."}`}export{t as a,n as b};
