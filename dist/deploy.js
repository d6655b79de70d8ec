import{a as o}from"./deploy-ZQPYH236.js";import{a as i}from"./main-step-XOBIXWMF.js";await i(o,async(r,t)=>(await import("./deploy-2LTLVRY6.js")).deployServices(r,t));
