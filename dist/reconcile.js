import{a as o}from"./reconcile-IJ77OMHS.js";import{a as i}from"./main-step-3EKTAWCI.js";await i(o,async(r,n)=>(await import("./reconcile-UZQAUE2T.js")).runReconcile(r,n));
