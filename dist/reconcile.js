import{a as o}from"./reconcile-2J3E2A76.js";import{a as i}from"./main-step-D5U2CMNG.js";await i(o,async(r,n)=>(await import("./reconcile-WILE5H45.js")).runReconcile(r,n));
