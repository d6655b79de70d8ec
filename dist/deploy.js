import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-J5LOPW2U.js";await i(o,async(r,t)=>(await import("./deploy-LNVVISEH.js")).deployServices(r,t));
