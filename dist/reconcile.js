import{a as o}from"./reconcile-5PVXHAPG.js";import{a as i}from"./main-step-C44L3ZYD.js";await i(o,async(r,n)=>(await import("./reconcile-OOQOUVJL.js")).runReconcile(r,n));
