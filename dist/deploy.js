import{a as o}from"./deploy-PIEYH2NX.js";import{a as i}from"./main-step-47SKRRWO.js";await i(o,async(r,t)=>(await import("./deploy-XNV6U2NV.js")).deployServices(r,t));
