function r(n){return n.toLocaleString("en-US",{maximumFractionDigits:0})}function i(n,t){return`${r(n)} ${t}${n===1?"":"s"}`}export{r as a,i as b};
