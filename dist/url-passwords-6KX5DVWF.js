function t(r){let n=URL.parse(r)?.password??"";return n===""?[]:[...new Set([n,s(n)])]}function s(r){try{return decodeURIComponent(r)}catch{return r}}export{t as a};
