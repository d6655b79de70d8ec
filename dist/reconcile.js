import{a as o}from"./reconcile-IVKL3ALH.js";import{a as i}from"./main-step-A33PCZX4.js";await i(o,async(r,n)=>(await import("./reconcile-WC5DNHCB.js")).runReconcile(r,n));
