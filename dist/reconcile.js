import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-SMMD74XK.js";await i(o,async(r,n)=>(await import("./reconcile-A7OKOLRD.js")).runReconcile(r,n));
