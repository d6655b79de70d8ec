import{a as o}from"./reconcile-6GWLOBS6.js";import{a as i}from"./main-step-A64JNPQ5.js";await i(o,async(r,n)=>(await import("./reconcile-DOK6CDC2.js")).runReconcile(r,n));
