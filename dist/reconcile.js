import{a as o}from"./reconcile-KKLMQ2RK.js";import{a as i}from"./main-step-47SKRRWO.js";await i(o,async(r,n)=>(await import("./reconcile-CFB2BTXP.js")).runReconcile(r,n));
