import{c as i}from"./main-BMJMMOVT.js";import{a}from"./main-step-3EKTAWCI.js";await a(i,async(o,r)=>(await import("./deploy-PXO4WQEY.js")).deployService(o,r));
