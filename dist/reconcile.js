import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-DLDZYQNI.js";await i(o,async(r,n)=>(await import("./reconcile-GF7J2MHO.js")).runReconcile(r,n));
