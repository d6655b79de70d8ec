import{a as o}from"./deploy-VHMGY7SR.js";import{a as i}from"./main-step-D3IDXAYO.js";await i(o,async(r,t)=>(await import("./deploy-I4ZMTYRN.js")).deployServices(r,t));
