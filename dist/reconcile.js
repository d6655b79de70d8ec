import{a as o}from"./reconcile-FEW2LVHH.js";import{a as i}from"./main-step-ZZMRDE7S.js";await i(o,async(r,n)=>(await import("./reconcile-BAHZ4BQM.js")).runReconcile(r,n));
