function a(e,i,{say:l,remind:r}){let o=null,d=n=>{o?.(),o=e.after(i,()=>{r(n),d(n)})};return d(e.now()),{say(n){l(n),d(e.now())},end:()=>o?.()}}export{a};
