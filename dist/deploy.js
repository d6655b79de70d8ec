import{a as o}from"./deploy-N6UWFZ2Q.js";import{a as i}from"./main-step-ZZMRDE7S.js";await i(o,async(r,t)=>(await import("./deploy-DLVT7Z4F.js")).deployServices(r,t));
