import{a as o}from"./reconcile-KKLMQ2RK.js";import{a as i}from"./main-step-CKICGFL3.js";await i(o,async(r,n)=>(await import("./reconcile-4UWGXST3.js")).runReconcile(r,n));
