import{a as o}from"./deploy-ZQPYH236.js";import{a as i}from"./main-step-XOBIXWMF.js";await i(o,async(r,t)=>(await import("./deploy-AHA36CHO.js")).deployServices(r,t));
