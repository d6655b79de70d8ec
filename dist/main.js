import{c as i}from"./main-CM26AX3U.js";import{a}from"./main-step-K2OQOS6D.js";await a(i,async(o,r)=>(await import("./deploy-J4VOXZGB.js")).deployService(o,r));
