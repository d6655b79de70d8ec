import{a as o}from"./deploy-PIEYH2NX.js";import{a as i}from"./main-step-SP3PRREC.js";await i(o,async(r,t)=>(await import("./deploy-O6VLDVOM.js")).deployServices(r,t));
