import{a as o}from"./deploy-C34LI4F7.js";import{a as i}from"./main-step-ZOPT7F2Q.js";await i(o,async(r,t)=>(await import("./deploy-WDVRYR4S.js")).deployServices(r,t));
