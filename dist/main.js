import{c as i}from"./main-4HTYND7I.js";import{a}from"./main-step-XOBIXWMF.js";await a(i,async(o,r)=>(await import("./deploy-2LTLVRY6.js")).deployService(o,r));
