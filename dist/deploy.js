import{a as o}from"./deploy-CGZJV5VR.js";import{a as i}from"./main-step-3EKTAWCI.js";await i(o,async(r,t)=>(await import("./deploy-PXO4WQEY.js")).deployServices(r,t));
