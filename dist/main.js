import{c as i}from"./main-MLKSYQUO.js";import{a}from"./main-step-ZZMRDE7S.js";await a(i,async(o,r)=>(await import("./deploy-DLVT7Z4F.js")).deployService(o,r));
