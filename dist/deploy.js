import{a as o}from"./deploy-IBORZEO7.js";import{a as i}from"./main-step-C44L3ZYD.js";await i(o,async(r,t)=>(await import("./deploy-ABZ4FSV4.js")).deployServices(r,t));
