import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-HHGXOJSY.js";await i(o,async(r,n)=>(await import("./reconcile-E7EJ346K.js")).runReconcile(r,n));
