import{a as o}from"./reconcile-4CR64P5Q.js";import{a as i}from"./main-step-J5LOPW2U.js";await i(o,async(r,n)=>(await import("./reconcile-PNCQJVKF.js")).runReconcile(r,n));
