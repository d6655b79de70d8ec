import{a as o}from"./reconcile-BBDPSUPO.js";import{a as i}from"./main-step-D3IDXAYO.js";await i(o,async(r,n)=>(await import("./reconcile-7XU4YNR7.js")).runReconcile(r,n));
