import{a as o}from"./reconcile-6GWLOBS6.js";import{a as i}from"./main-step-HBKKFHRD.js";await i(o,async(r,n)=>(await import("./reconcile-JVZ2EMMP.js")).runReconcile(r,n));
