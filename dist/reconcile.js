import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-6OCCPVOU.js";await i(o,async(r,n)=>(await import("./reconcile-NVMMXEW2.js")).runReconcile(r,n));
