import{a as o}from"./deploy-PIEYH2NX.js";import{a as i}from"./main-step-CKICGFL3.js";await i(o,async(r,t)=>(await import("./deploy-ID2EZPDJ.js")).deployServices(r,t));
