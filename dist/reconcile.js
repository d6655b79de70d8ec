import{a as o}from"./reconcile-2J3E2A76.js";import{a as i}from"./main-step-CG3P5V4D.js";await i(o,async(r,n)=>(await import("./reconcile-A52KEZQF.js")).runReconcile(r,n));
