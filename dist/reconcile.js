import{a as o}from"./reconcile-CRG57XP4.js";import{a as i}from"./main-step-XOBIXWMF.js";await i(o,async(r,n)=>(await import("./reconcile-5GJMZIID.js")).runReconcile(r,n));
