import{a as o}from"./reconcile-6GWLOBS6.js";import{a as i}from"./main-step-K2OQOS6D.js";await i(o,async(r,n)=>(await import("./reconcile-3RANRUPR.js")).runReconcile(r,n));
