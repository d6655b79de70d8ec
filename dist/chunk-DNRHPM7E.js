import{createRequire}from'node:module';const require=createRequire(import.meta.url);
var i={now:()=>Date.now(),after(o,t){let e=setTimeout(t,o);return()=>clearTimeout(e)}};function s(o,t,e){return new Promise(n=>{if(e?.aborted)return n();let r=()=>{c(),e?.removeEventListener("abort",r),n()},c=o.after(t,r);e?.addEventListener("abort",r,{once:!0})})}export{i as a,s as b};
