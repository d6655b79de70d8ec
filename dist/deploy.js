import{a as o}from"./deploy-2TXGKLVD.js";import{a as i}from"./main-step-K2OQOS6D.js";await i(o,async(r,t)=>(await import("./deploy-J4VOXZGB.js")).deployServices(r,t));
