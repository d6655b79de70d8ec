var f=[["h",36e5],["m",6e4],["s",1e3],["ms",1]];function M(i){let n=i,o="";for(let[e,s]of f){let t=Math.floor(n/s);t>0&&(o+=`${t}${e}`),n-=t*s}return o||"0s"}export{f as a,M as b};
