import{a as o}from"./deploy-STKHCXAJ.js";import{a as i}from"./main-step-D5U2CMNG.js";await i(o,async(r,t)=>(await import("./deploy-P4JCL6MO.js")).deployServices(r,t));
