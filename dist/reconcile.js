import{a as o}from"./reconcile-IJ77OMHS.js";import{a as i}from"./main-step-SNZNJL7F.js";await i(o,async(r,n)=>(await import("./reconcile-WU2DSSVJ.js")).runReconcile(r,n));
