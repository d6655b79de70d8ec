import{c as i}from"./main-KXWMWGGS.js";import{a}from"./main-step-J5LOPW2U.js";await a(i,async(o,r)=>(await import("./deploy-LNVVISEH.js")).deployService(o,r));
