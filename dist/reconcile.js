import{a as o}from"./reconcile-CRG57XP4.js";import{a as i}from"./main-step-XOBIXWMF.js";await i(o,async(r,n)=>(await import("./reconcile-3SEFZ4MZ.js")).runReconcile(r,n));
