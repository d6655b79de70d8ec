import{a as o}from"./reconcile-2J3E2A76.js";import{a as i}from"./main-step-ZRJPJ53S.js";await i(o,async(r,n)=>(await import("./reconcile-NLCLC6AU.js")).runReconcile(r,n));
