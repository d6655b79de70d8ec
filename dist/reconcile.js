import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-6OCCPVOU.js";await i(o,async(r,n)=>(await import("./reconcile-U6U7E4UA.js")).runReconcile(r,n));
