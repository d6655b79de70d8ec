import{a as o}from"./reconcile-KKLMQ2RK.js";import{a as i}from"./main-step-SP3PRREC.js";await i(o,async(r,n)=>(await import("./reconcile-TLNQZ2YB.js")).runReconcile(r,n));
