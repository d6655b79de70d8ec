function a(n,l,{say:r,remind:t}){let o=null,i=!1,d=e=>{o?.(),o=n.after(l,()=>{t(e),d(e)})};return d(n.now()),{say(e){i||(r(e),d(n.now()))},end(){i=!0,o?.()}}}export{a};
