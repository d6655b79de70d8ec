import{a as o}from"./deploy-2TXGKLVD.js";import{a as i}from"./main-step-HBKKFHRD.js";await i(o,async(r,t)=>(await import("./deploy-2VCLQI42.js")).deployServices(r,t));
